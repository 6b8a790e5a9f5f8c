import CZeroMQ
import Glibc

/// A failed libzmq or system call: its name and `errno`; the text is made when asked for.
package struct ZeroMQError: Error, Equatable, CustomStringConvertible {
    /// What a caller reacts to; everything else is `.other`.
    package enum Reason: Sendable {
        /// Nothing to receive, or no room to send (`EAGAIN`).
        case again
        /// A signal arrived (`EINTR`).
        case interrupted
        /// The context is being ended (`ETERM`).
        case terminated
        /// A ROUTER does not know the peer (`EHOSTUNREACH`).
        case hostUnreachable
        /// Any other `errno`.
        case other
    }

    package let call: StaticString
    package let errno: Int32

    /// An error made by hand, as for a refused key file.
    package init(call: StaticString, errno: Int32) {
        self.call = call
        self.errno = errno
    }

    /// The error of the libzmq call that has just failed on this thread.
    static func last(_ call: StaticString) -> ZeroMQError {
        ZeroMQError(call: call, errno: zmq_errno())
    }

    package var reason: Reason {
        switch errno {
        case EAGAIN: .again
        case EINTR: .interrupted
        case terminatedErrno: .terminated
        case EHOSTUNREACH: .hostUnreachable
        default: .other
        }
    }

    package var description: String {
        let text = unsafe String(cString: zmq_strerror(errno))
        return "\(call): \(text) (errno \(errno))"
    }

    package static func == (left: ZeroMQError, right: ZeroMQError) -> Bool {
        left.errno == right.errno && left.call.description == right.call.description
    }
}

// ETERM is a sum of macros, which Swift does not import.
private let terminatedErrno: Int32 = 156_384_712 + 53
