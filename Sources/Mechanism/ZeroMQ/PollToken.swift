import Synchronization

/// What an event loop watches: a socket, or a file descriptor.
@safe package struct PollToken: Hashable, @unchecked Sendable {
    let socket: UnsafeMutableRawPointer?
    let descriptor: Int32

    init(socket: UnsafeMutableRawPointer) {
        unsafe self.socket = socket
        descriptor = -1
    }

    /// Watches a file descriptor, such as a pipe or a pidfd; the caller keeps it open.
    package init(descriptor: Int32) {
        unsafe socket = nil
        self.descriptor = descriptor
    }

    var identifier: Int? { unsafe socket.map { Int(bitPattern: $0) } }

    package static func == (left: PollToken, right: PollToken) -> Bool {
        left.descriptor == right.descriptor && left.identifier == right.identifier
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(descriptor)
        hasher.combine(identifier)
    }
}

/// The sockets that some loop polls now, so that closing one of them is caught.
final class PollRegistry: Sendable {
    static let shared = PollRegistry()
    private let polled = Mutex<Set<Int>>([])

    func insert(_ identifier: Int) { polled.withLock { _ = $0.insert(identifier) } }
    func remove(_ identifier: Int) { polled.withLock { _ = $0.remove(identifier) } }
    func contains(_ identifier: Int) -> Bool { polled.withLock { $0.contains(identifier) } }
}
