import CZeroMQ
import Glibc

/// Sending never blocks: a full queue or an absent peer throws `.again`, an unknown one
/// `.hostUnreachable`.
extension Socket {
    /// Sends one frame with a copy of `bytes`; `more` says that the message goes on.
    package func send(_ bytes: Span<UInt8>, more: Bool = false) throws(ZeroMQError) {
        let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
        let sent = unsafe bytes.withUnsafeBufferPointer { buffer in
            sending {
                unsafe zmq_send(raw, buffer.baseAddress, buffer.count, flags)
            }
        }
        guard sent >= 0 else { throw .last("zmq_send") }
    }

    /// Sends one frame with a copy of `bytes`.
    package func send(_ bytes: [UInt8]) throws(ZeroMQError) {
        try send(bytes.span)
    }

    /// Sends one message of several frames, all or nothing.
    package func send(parts: [[UInt8]]) throws(ZeroMQError) {
        for (index, part) in parts.enumerated() {
            try send(part.span, more: index + 1 < parts.count)
        }
    }

    /// Sends a frame without copying; on success `message` is left empty, on error untouched.
    package func send(_ message: inout Message, more: Bool = false) throws(ZeroMQError) {
        let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
        let frame = unsafe message.raw
        let sent = sending { unsafe zmq_msg_send(frame, raw, flags) }
        guard sent >= 0 else { throw .last("zmq_msg_send") }
    }

    /// Sends `payload` through a ROUTER to one connection.
    package func send(to peer: RoutingID, _ payload: Span<UInt8>) throws(ZeroMQError) {
        // The ROUTER decides at the address frame, so an error leaves nothing half sent.
        try send(peer.bytes.span, more: true)
        try send(payload)
    }

    /// Sends `payload` through a ROUTER to one connection.
    package func send(to peer: RoutingID, _ payload: [UInt8]) throws(ZeroMQError) {
        try send(to: peer, payload.span)
    }

    private func sending(_ call: () -> Int32) -> Int32 {
        let result = Self.retrying(call)
        guard result < 0, zmq_errno() == EAGAIN else { return result }
        // libzmq looks at what peers have taken at most once a millisecond, so a queue may seem
        // full that is not; asking for the events makes it look now.
        _ = try? option(ZMQ_EVENTS)
        return Self.retrying(call)
    }

    static func retrying(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result >= 0 || zmq_errno() != EINTR { return result }
        }
    }
}
