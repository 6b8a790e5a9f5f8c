import CZeroMQ
import Glibc

/// A socket with one owner; handing it to another thread is a move, and nothing it does blocks.
@safe package struct Socket: ~Copyable, @unchecked Sendable {
    let raw: UnsafeMutableRawPointer
    // Keeps the context open; the deinitialiser's body runs before this reference is dropped.
    let context: Context

    /// Opens a socket of `kind` with `options`.
    package init(
        _ kind: SocketKind, in context: Context, options: SocketOptions
    ) throws(ZeroMQError) {
        guard let made = unsafe zmq_socket(context.raw, kind.raw) else {
            throw .last("zmq_socket")
        }
        do throws(ZeroMQError) {
            try unsafe options.apply(to: made, kind: kind)
        } catch {
            unsafe zmq_close(made)
            throw error
        }
        unsafe raw = made
        self.context = context
    }

    /// Opens the socket of a role, with that role's options.
    package init(
        _ role: SocketRole, in context: Context, security: Security
    ) throws(ZeroMQError) {
        try self.init(role.kind, in: context, options: role.options(security: security))
    }

    deinit {
        let identifier = unsafe Int(bitPattern: raw)
        precondition(
            !PollRegistry.shared.contains(identifier),
            "socket closed while an event loop still polls it")
        unsafe zmq_close(raw)
    }

    /// Listens at `endpoint`; on ipc this silently takes a path over, so lock the directory first.
    package func bind(_ endpoint: String) throws(ZeroMQError) {
        guard unsafe zmq_bind(raw, endpoint) == 0 else { throw .last("zmq_bind") }
    }

    /// Connects to `endpoint`, now or as soon as someone listens there.
    package func connect(_ endpoint: String) throws(ZeroMQError) {
        guard unsafe zmq_connect(raw, endpoint) == 0 else { throw .last("zmq_connect") }
    }

    /// Stops listening at `endpoint`; established connections end.
    package func unbind(_ endpoint: String) throws(ZeroMQError) {
        guard unsafe zmq_unbind(raw, endpoint) == 0 else { throw .last("zmq_unbind") }
    }

    /// Ends the connection to `endpoint` and drops what was queued for it.
    package func disconnect(_ endpoint: String) throws(ZeroMQError) {
        guard unsafe zmq_disconnect(raw, endpoint) == 0 else { throw .last("zmq_disconnect") }
    }

    /// Receives what begins with `prefix` (SUB only); the empty prefix is everything.
    package func subscribe(to prefix: [UInt8] = []) throws(ZeroMQError) {
        try unsafe SocketOptions.set(raw, ZMQ_SUBSCRIBE, prefix)
    }

    /// The last endpoint bound or connected, with the port the system chose for `tcp://…:*`.
    package func lastEndpoint() throws(ZeroMQError) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        var count = buffer.count
        guard unsafe zmq_getsockopt(raw, ZMQ_LAST_ENDPOINT, &buffer, &count) == 0 else {
            throw .last("zmq_getsockopt")
        }
        let text = buffer.prefix(max(0, count - 1)).map { UInt8(bitPattern: $0) }
        return String(decoding: text, as: UTF8.self)
    }

    /// An integer option as libzmq reports it.
    func option(_ option: Int32) throws(ZeroMQError) -> Int32 {
        var value: Int32 = 0
        var count = MemoryLayout<Int32>.size
        guard unsafe zmq_getsockopt(raw, option, &value, &count) == 0 else {
            throw .last("zmq_getsockopt")
        }
        return value
    }

    /// What an event loop needs to watch this socket; unregister it before the socket goes.
    package var pollToken: PollToken { unsafe PollToken(socket: raw) }
}
