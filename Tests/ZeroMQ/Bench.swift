import Glibc
import Testing

@testable import ZeroMQ

/// A directory for sockets and key files that goes with the test.
final class Bench: Sendable {
    let directory: String

    init() throws {
        directory = "/tmp/limn-zeromq-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try #require(unsafe mkdir(directory, 0o700) == 0)
    }

    deinit {
        for name in ["a", "b", "key"] { unsafe unlink(path(name)) }
        unsafe rmdir(directory)
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }
    func endpoint(_ name: String) -> String { "ipc://\(path(name))" }
}

/// Polls `condition` until it holds or ten seconds have gone.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(10)
    while clock.now < deadline {
        if try condition() { return true }
        usleep(200)
    }
    return try condition()
}

/// Runs `attempt` until it gives a value or ten seconds have gone.
func awaiting<T: ~Copyable>(_ attempt: () throws -> T?) throws -> T {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(10)
    while clock.now < deadline {
        if let value = try attempt() { return value }
        usleep(200)
    }
    throw TimedOut()
}

struct TimedOut: Error {}

/// Sends as soon as there is a peer with room.
func send(_ bytes: [UInt8], by socket: borrowing Socket) throws {
    let sent = try eventually {
        do throws(ZeroMQError) {
            try socket.send(bytes)
            return true
        } catch {
            guard case .again = error.reason else { throw error }
            return false
        }
    }
    if !sent { throw TimedOut() }
}
