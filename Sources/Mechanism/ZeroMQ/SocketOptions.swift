import CZeroMQ
import Glibc

/// Every option a socket has; nothing is left to libzmq's defaults.
package struct SocketOptions: Sendable {
    /// Frames above this end the connection; the default reserves whatever a header announces.
    package var frameBytesMax: Int
    /// Messages queued per peer and direction …
    package var highWaterMark: Int32
    /// … unless more may wait to be sent …
    package var sendMark: Int32
    /// … or fewer that were received; nil: as many.
    package var receiveMark: Int32?
    /// How long closing may wait for unsent messages, in milliseconds; the default waits for ever.
    package var lingerMs: Int32
    /// Queue only to completed connections.
    package var queueOnlyToConnected = false
    /// Sending to an unknown peer is an error.
    package var routerMandatory = false
    /// Pauses between attempts to connect grow up to this, in milliseconds.
    package var reconnectMaxMs: Int32 = 1000
    package var security: Security = .unprotected

    /// Options of a socket that is none of the roles: inproc pairs and tests.
    package init(
        frameBytesMax: Int = Limits.questionFrameBytes, highWaterMark: Int32 = 1000,
        lingerMs: Int32 = 0
    ) {
        self.frameBytesMax = frameBytesMax
        self.highWaterMark = highWaterMark
        sendMark = highWaterMark
        self.lingerMs = lingerMs
    }

    func apply(to raw: UnsafeMutableRawPointer, kind: SocketKind) throws(ZeroMQError) {
        try unsafe Self.set(raw, ZMQ_MAXMSGSIZE, wide: Int64(frameBytesMax))
        try unsafe Self.set(raw, ZMQ_SNDHWM, sendMark)
        try unsafe Self.set(raw, ZMQ_RCVHWM, receiveMark ?? highWaterMark)
        try unsafe Self.set(raw, ZMQ_LINGER, lingerMs)
        try unsafe Self.set(raw, ZMQ_IMMEDIATE, queueOnlyToConnected ? 1 : 0)
        if case .router = kind {
            try unsafe Self.set(raw, ZMQ_ROUTER_MANDATORY, routerMandatory ? 1 : 0)
            // Ids are random per incarnation; handing one over would be a way to evict a peer.
            try unsafe Self.set(raw, ZMQ_ROUTER_HANDOVER, 0)
        }
        try unsafe applyLiveness(to: raw)
        try unsafe applySecurity(to: raw)
    }

    private func applyLiveness(to raw: UnsafeMutableRawPointer) throws(ZeroMQError) {
        // ZMTP heartbeats abort the process when a receive pipe is full (libzmq #3937, #4364).
        try unsafe Self.set(raw, ZMQ_HEARTBEAT_IVL, 0)
        // So the kernel finds half-open connections: 2 s idle, then 3 probes a second apart.
        try unsafe Self.set(raw, ZMQ_TCP_KEEPALIVE, 1)
        try unsafe Self.set(raw, ZMQ_TCP_KEEPALIVE_IDLE, 2)
        try unsafe Self.set(raw, ZMQ_TCP_KEEPALIVE_INTVL, 1)
        try unsafe Self.set(raw, ZMQ_TCP_KEEPALIVE_CNT, 3)
        // Keepalive is silent while data is unsent; this bounds that case.
        try unsafe Self.set(raw, ZMQ_TCP_MAXRT, 3000)
        try unsafe Self.set(raw, ZMQ_CONNECT_TIMEOUT, 2000)
        // The default never backs off. Further apart than a second would be most of the time that
        // a restarted role is waited for.
        try unsafe Self.set(raw, ZMQ_RECONNECT_IVL, 50)
        try unsafe Self.set(raw, ZMQ_RECONNECT_IVL_MAX, reconnectMaxMs)
        // Clients that connect and say nothing, or drip, are cut off after this.
        try unsafe Self.set(raw, ZMQ_HANDSHAKE_IVL, 2000)
        try unsafe Self.set(raw, ZMQ_BACKLOG, 64)
        // Nothing blocks but the poll.
        try unsafe Self.set(raw, ZMQ_SNDTIMEO, 0)
        try unsafe Self.set(raw, ZMQ_RCVTIMEO, 0)
    }

    private func applySecurity(to raw: UnsafeMutableRawPointer) throws(ZeroMQError) {
        switch security {
        case .unprotected:
            break
        case .server(let pair, let domain):
            try unsafe Self.set(raw, ZMQ_CURVE_SERVER, 1)
            try unsafe Self.set(raw, ZMQ_CURVE_SECRETKEY, pair.secretKey.bytes)
            try unsafe Self.set(raw, ZMQ_ZAP_DOMAIN, Array(domain.utf8))
        case .client(let server, let own):
            try unsafe Self.set(raw, ZMQ_CURVE_SERVERKEY, server.bytes)
            try unsafe Self.set(raw, ZMQ_CURVE_PUBLICKEY, own.publicKey.bytes)
            try unsafe Self.set(raw, ZMQ_CURVE_SECRETKEY, own.secretKey.bytes)
        }
    }

    static func set(
        _ raw: UnsafeMutableRawPointer, _ option: Int32, _ value: Int32
    ) throws(ZeroMQError) {
        let status = unsafe withUnsafeBytes(of: value) { bytes in
            unsafe zmq_setsockopt(raw, option, bytes.baseAddress, bytes.count)
        }
        guard status == 0 else { throw .last("zmq_setsockopt") }
    }

    static func set(
        _ raw: UnsafeMutableRawPointer, _ option: Int32, wide value: Int64
    ) throws(ZeroMQError) {
        let status = unsafe withUnsafeBytes(of: value) { bytes in
            unsafe zmq_setsockopt(raw, option, bytes.baseAddress, bytes.count)
        }
        guard status == 0 else { throw .last("zmq_setsockopt") }
    }

    static func set(
        _ raw: UnsafeMutableRawPointer, _ option: Int32, _ value: [UInt8]
    ) throws(ZeroMQError) {
        let status = unsafe value.withUnsafeBytes { bytes in
            unsafe zmq_setsockopt(raw, option, bytes.baseAddress, bytes.count)
        }
        guard status == 0 else { throw .last("zmq_setsockopt") }
    }
}
