import CShims
import Glibc

/// How a process ended.
package enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    package var description: String {
        switch self {
        case .exited(let code): "exit \(code)"
        case .signalled(let signal): Signals.name(signal)
        }
    }
}

/// A program to start and the descriptors it gets.
package struct SpawnRequest: Sendable {
    package var path: String
    package var arguments: [String] = []
    /// Where standard output and error go; 1 and 2 are this process's own.
    package var output: Int32 = 1
    package var errors: Int32 = 2
    /// Read end of the lifeline pipe, which the child finds as descriptor 3; -1 = none.
    package var lifeline: Int32 = -1

    package init(path: String, arguments: [String] = []) {
        self.path = path
        self.arguments = arguments
    }
}

/// A child in its own process group, known by pidfd so that a reused pid is never mistaken for it.
package final class ChildProcess: Sendable {
    /// The descriptor under which a child finds its lifeline.
    package static let lifelineDescriptor: Int32 = 3

    package let pid: Int32
    /// Readable once the child has ended.
    package let pidfd: Int32
    /// With the pid, names this process for ever.
    package let startTicks: UInt64

    private init(pid: Int32, pidfd: Int32, startTicks: UInt64) {
        self.pid = pid
        self.pidfd = pidfd
        self.startTicks = startTicks
    }

    deinit {
        close(pidfd)
    }

    /// Starts a program; it inherits the environment and nothing else.
    package static func spawn(_ request: SpawnRequest) throws(SystemError) -> ChildProcess {
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe ([request.path] + request.arguments)
            .map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var pid: Int32 = 0
        let failure = unsafe limn_spawn(
            request.path, arguments, limn_environment(), request.output, request.errors,
            request.lifeline, &pid)
        guard failure == 0 else {
            throw SystemError(call: "posix_spawn", code: failure, path: request.path)
        }
        let pidfd = limn_pidfd_open(pid)
        guard pidfd >= 0 else {
            let error = SystemError.last("pidfd_open")
            Glibc.kill(-pid, SIGKILL)
            throw error
        }
        return ChildProcess(
            pid: pid, pidfd: pidfd, startTicks: ProcessFacts.startTicks(pid: pid) ?? 0)
    }

    /// Reaps the child if it has ended, nil while it runs; after a status, do not ask again.
    package func poll() -> ExitStatus? {
        var exited: Int32 = 0
        var code: Int32 = 0
        let result = unsafe limn_reap(pid, &exited, &code)
        if result < 0 { return errno == ECHILD ? .exited(-1) : nil }
        guard result == 1 else { return nil }
        return exited != 0 ? .exited(code) : .signalled(code)
    }

    /// Waits for the end, nil when it did not come in time.
    package func wait(timeout: Duration) -> ExitStatus? {
        Descriptor.waitReadable(pidfd, timeout: timeout) ? poll() : nil
    }

    /// Sends a signal to the child's whole group.
    package func signalGroup(_ signal: Int32) {
        Glibc.kill(-pid, signal)
    }

    /// Kills the group of a process of an earlier run, if pid and start time still name it.
    package static func killLeftover(pid: Int32, startTicks: UInt64) -> Bool {
        guard pid > 1, ProcessFacts.startTicks(pid: pid) == startTicks else { return false }
        Glibc.kill(-pid, SIGKILL)
        return true
    }
}
