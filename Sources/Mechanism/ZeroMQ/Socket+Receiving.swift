import CZeroMQ
import Glibc

/// Receiving never blocks and never truncates; nil means that nothing is there.
extension Socket {
    /// The next frame, whole.
    package func receive() throws(ZeroMQError) -> Message? {
        let message = Message()
        let frame = unsafe message.raw
        let received = Self.retrying { unsafe zmq_msg_recv(frame, raw, ZMQ_DONTWAIT) }
        if received < 0 {
            let error = ZeroMQError.last("zmq_msg_recv")
            if case .again = error.reason { return nil }
            throw error
        }
        return message
    }

    /// The next message of a ROUTER: who, and the first payload frame; further frames are counted.
    package func receiveDelivery() throws(ZeroMQError) -> Delivery? {
        guard let address = try receive() else { return nil }
        let sender = RoutingID(address.copyBytes())
        guard address.hasMore else {
            return Delivery(sender: sender, payload: Message(), frameCount: 0, bytes: 0)
        }
        // All frames of a message arrive together, so the rest cannot be missing.
        guard let payload = try receive() else {
            return Delivery(sender: sender, payload: Message(), frameCount: 0, bytes: 0)
        }
        var (frameCount, bytes) = (1, payload.size)
        var more = payload.hasMore
        while more, let extra = try receive() {
            frameCount += 1
            bytes += extra.size
            more = extra.hasMore
        }
        return Delivery(sender: sender, payload: payload, frameCount: frameCount, bytes: bytes)
    }

    /// Copies of all frames of the next message; frames beyond `maxParts` are dropped.
    package func receiveMultipart(
        maxParts: Int = Limits.framesPerMessage
    ) throws(ZeroMQError) -> [[UInt8]]? {
        guard let first = try receive() else { return nil }
        var parts = [first.copyBytes()]
        var more = first.hasMore
        while more, let next = try receive() {
            if parts.count < maxParts { parts.append(next.copyBytes()) }
            more = next.hasMore
        }
        return parts
    }
}
