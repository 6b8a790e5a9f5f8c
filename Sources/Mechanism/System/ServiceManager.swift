import Glibc

/// Tells the service manager that started this process how it is: systemd's notification protocol,
/// a datagram of `NAME=value` lines to the socket named in `NOTIFY_SOCKET`.
package struct ServiceManager: Sendable, Equatable {
    /// A path, or `@name` for an abstract socket; empty = nobody wants to know.
    package let socket: String
    /// A sign of life is wanted within this time; nil = never.
    package let watchdog: Duration?

    package init(socket: String = "", watchdog: Duration? = nil) {
        self.socket = socket
        self.watchdog = watchdog
    }

    /// What the environment says; children no longer inherit it. Call it before threads exist.
    package static func takeFromEnvironment() -> ServiceManager {
        let socket = Environment.variable("NOTIFY_SOCKET") ?? ""
        let pid = Environment.variable("WATCHDOG_PID").flatMap { Int32($0) }
        let isForUs = pid == nil || pid == getpid()
        let limit = Environment.variable("WATCHDOG_USEC").flatMap { Int64($0) }
        for name in ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"] { unsafe unsetenv(name) }
        guard isForUs, let limit, limit > 0 else { return ServiceManager(socket: socket) }
        return ServiceManager(socket: socket, watchdog: .microseconds(limit))
    }

    /// Sends lines; false if nobody took them, which changes nothing.
    @discardableResult
    package func send(_ lines: String) -> Bool {
        var address = sockaddr_un()
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        var name = Array(socket.utf8)
        guard !name.isEmpty, name.count < capacity else { return false }
        // An abstract socket's name begins with a zero byte and has no end mark.
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let raw = Glibc.socket(AF_UNIX, type, 0)
        guard raw >= 0 else { return false }
        defer { close(raw) }
        let bytes = Array(lines.utf8)
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sendto(raw, bytes, bytes.count, flags, $0, size)
            }
        }
        return sent == bytes.count
    }
}
