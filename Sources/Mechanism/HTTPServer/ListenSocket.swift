import Glibc

/// A listening TCP socket: made by us, so that a port in use is told with its errno.
enum ListenSocket {
    /// `address` is a numeric IPv4 or IPv6 address, port 0 lets the system choose.
    static func open(_ address: String, port: Int) throws(HTTPServerError) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let name = address.filter { $0 != "[" && $0 != "]" }
        guard unsafe getaddrinfo(name, "\(port)", &hints, &found) == 0,
            let info = unsafe found
        else { throw HTTPServerError(call: "the address \(address)", code: EADDRNOTAVAIL) }
        defer { unsafe freeaddrinfo(info) }
        let type =
            unsafe info.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
            | Int32(SOCK_NONBLOCK.rawValue)
        let raw = unsafe socket(info.pointee.ai_family, type, 0)
        guard raw >= 0 else { throw HTTPServerError(call: "socket", code: errno) }
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        // A restarted server must not wait for the old connections' last packets.
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        guard unsafe bind(raw, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0 else {
            throw closing(raw, "bind")
        }
        guard listen(raw, HTTPLimits.backlog) == 0 else { throw closing(raw, "listen") }
        return raw
    }

    private static func closing(_ raw: Int32, _ call: String) -> HTTPServerError {
        let error = HTTPServerError(call: call, code: errno)
        close(raw)
        return error
    }

    /// The port that a socket listens on.
    static func port(of raw: Int32) -> Int {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(raw, $0, &size)
            }
        }
        guard result == 0 else { return 0 }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                // The port lies at the same place in sockaddr_in and sockaddr_in6.
                unsafe Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
    }

    static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
