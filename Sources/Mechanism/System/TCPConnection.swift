import CShims

/// An open TCP connection of this process, whoever made it.
package struct TCPConnection: Sendable, Equatable {
    package var descriptor: Int32
    /// On this side.
    package var port: UInt16
    /// Stands for the peer's address and port, so that a descriptor that was used again is noticed.
    package var peer: UInt64
    /// Bytes since it was opened.
    package var received: UInt64

    package init(descriptor: Int32, port: UInt16, peer: UInt64, received: UInt64) {
        self.descriptor = descriptor
        self.port = port
        self.peer = peer
        self.received = received
    }

    /// All that came in at these ports.
    package static func all(at ports: Set<UInt16>) throws(SystemError) -> [TCPConnection] {
        try Files.list("/proc/self/fd").compactMap { name in
            guard let descriptor = Int32(name) else { return nil }
            var (port, peer, received): (UInt16, UInt64, UInt64) = (0, 0, 0)
            let isOne = unsafe limn_tcp_connection(descriptor, &port, &peer, &received)
            guard isOne == 1, ports.contains(port) else { return nil }
            return TCPConnection(
                descriptor: descriptor, port: port, peer: peer, received: received)
        }
    }

    /// Ends it, if it is still the same one; whoever owns the descriptor sees that, and closes it.
    package func cut() { limn_tcp_cut(descriptor, peer) }
}
