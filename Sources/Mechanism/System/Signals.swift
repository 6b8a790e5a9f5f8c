import CShims
import Glibc

/// Signals as descriptors and values, so that a loop handles them like any other event.
package enum Signals {
    package static let terminate = SIGTERM
    package static let interrupt = SIGINT
    package static let hangUp = SIGHUP
    package static let abort = SIGABRT
    package static let kill = SIGKILL

    /// Writing to a closed pipe or past a file size limit returns an error instead of killing.
    package static func ignoreBrokenPipes() {
        limn_ignore_broken_pipes()
    }

    /// Blocks SIGTERM, SIGINT and SIGHUP and returns a descriptor that is readable when one came.
    /// Call it before any thread is started, since threads inherit the mask.
    package static func stopDescriptor() throws(SystemError) -> Int32 {
        let raw = limn_stop_signals()
        guard raw >= 0 else { throw .last("signalfd") }
        return raw
    }

    /// The next signal of a stop descriptor, or nil.
    package static func next(_ descriptor: Int32) -> Int32? {
        let signal = limn_next_signal(descriptor)
        return signal > 0 ? signal : nil
    }

    /// Sends a signal to a process; false where there is none of this number.
    package static func send(_ signal: Int32, to pid: Int32) throws(SystemError) -> Bool {
        guard Glibc.kill(pid, signal) != 0 else { return true }
        guard errno == ESRCH else { throw .last("kill", "process \(pid)") }
        return false
    }

    /// A signal's usual name, such as `SIGKILL`.
    package static func name(_ signal: Int32) -> String {
        let names: [Int32: String] = [
            SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL",
            SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
            SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM",
            SIGTERM: "SIGTERM", SIGXFSZ: "SIGXFSZ",
        ]
        return names[signal] ?? "signal \(signal)"
    }
}
