import CZeroMQ
import Glibc

/// A libzmq context; sockets keep it alive, so it always ends after the last of them.
@safe package final class Context: @unchecked Sendable {
    let raw: UnsafeMutableRawPointer

    /// Makes a context with `ioThreads` I/O threads; refuses a libzmq older than 4.3.2.
    package init(ioThreads: Int32 = 1) throws(ZeroMQError) {
        // CVE-2019-13132: CURVE before 4.3.2 can be made to overflow its stack by anyone.
        guard Self.version >= (4, 3, 2) else {
            throw ZeroMQError(call: "zmq_version", errno: ENOTSUP)
        }
        guard unsafe zmq_has("curve") == 1 else {
            throw ZeroMQError(call: "zmq_has(curve)", errno: ENOTSUP)
        }
        guard let made = unsafe zmq_ctx_new() else { throw .last("zmq_ctx_new") }
        let options: [(Int32, Int32)] = [
            (ZMQ_IO_THREADS, ioThreads),
            (ZMQ_MAX_SOCKETS, Limits.socketsPerContext),
            // Ending must not wait for peers that never come: each socket's linger says how long.
            (ZMQ_BLOCKY, 0),
        ]
        for (option, value) in options where unsafe zmq_ctx_set(made, option, value) != 0 {
            let error = ZeroMQError.last("zmq_ctx_set")
            unsafe zmq_ctx_term(made)
            throw error
        }
        unsafe raw = made
    }

    deinit {
        // Every socket holds this object, so none is open here and only linger can delay us.
        while unsafe zmq_ctx_term(raw) != 0 && zmq_errno() == EINTR {}
    }

    /// The version of the libzmq that is loaded.
    package static var version: (major: Int32, minor: Int32, patch: Int32) {
        var major: Int32 = 0
        var minor: Int32 = 0
        var patch: Int32 = 0
        unsafe zmq_version(&major, &minor, &patch)
        return (major, minor, patch)
    }
}
