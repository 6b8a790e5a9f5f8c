import Glibc

/// Stream sockets of the file system, as ZeroMQ's ipc uses them, without ZeroMQ: for proxies and
/// for peers that do not speak its protocol.
package enum LocalSocket {
    /// Connects at once or not at all; -1 when nobody listens, or the queue of a frozen listener is
    /// full.
    package static func connect(_ path: String) -> Int32 {
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | closeOnExec, 0)
        guard file >= 0 else { return -1 }
        // Waiting for a listener that the waiter itself is to wake up would be for ever.
        makeNonBlocking(file)
        let result = unsafe withAddress(path) { unsafe Glibc.connect(file, $0, $1) }
        guard result == 0 else {
            close(file)
            return -1
        }
        return file
    }

    /// Listens at a path, which must be free; -1 when it cannot.
    package static func listen(_ path: String) -> Int32 {
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | closeOnExec, 0)
        guard file >= 0 else { return -1 }
        guard unsafe withAddress(path, { unsafe bind(file, $0, $1) }) == 0,
            Glibc.listen(file, 64) == 0
        else {
            close(file)
            return -1
        }
        makeNonBlocking(file)
        return file
    }

    package static func accept(_ listener: Int32) -> Int32 {
        let file = Glibc.accept(listener, nil, nil)
        if file >= 0 { makeNonBlocking(file) }
        return file
    }

    /// Writes what the peer takes at once; how many bytes, or -1 when it is gone.
    package static func write(_ file: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        return sent < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : sent
    }

    /// What has come; nil when the peer is gone.
    package static func read(_ file: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let got = unsafe recv(file, &buffer, buffer.count, 0)
        if got > 0 { return Array(buffer[..<got]) }
        return got < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
    }

    private static let closeOnExec: Int32 = 0o2000000

    private static func makeNonBlocking(_ file: Int32) {
        _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK)
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < room else { return -1 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
            for (place, byte) in bytes.enumerated() { unsafe field[place] = byte }
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
