import Glibc
import System

/// Asks a web server on this host and reads until it closes.
package enum WebProbe {
    /// Connects and begins a request that it never ends; -1 when nobody listens.
    package static func begin(port: Int) -> Int32 {
        let client = connect(port: port)
        let bytes = Array("GET / HTTP/1.1\r\nHost: x\r\n".utf8)
        if client >= 0 { _ = unsafe write(client, bytes, bytes.count) }
        return client
    }

    private static func connect(port: Int) -> Int32 {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if connected == 0 { return client }
        close(client)
        return -1
    }

    /// Status code and body; nil when nobody listens.
    package static func get(_ path: String, port: Int) -> (status: Int, body: String)? {
        let client = connect(port: port)
        guard client >= 0 else { return nil }
        defer { close(client) }
        let bytes = Array("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        guard unsafe write(client, bytes, bytes.count) == bytes.count else { return nil }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while Descriptor.waitReadable(client, timeout: .seconds(5)) {
            let got = unsafe read(client, &buffer, buffer.count)
            guard got > 0 else { break }
            answer += buffer[..<got]
        }
        let text = String(decoding: answer, as: UTF8.self)
        guard let status = Int(text.dropFirst(9).prefix(3)),
            let gap = text.firstRange(of: "\r\n\r\n")
        else { return nil }
        return (status, String(text[gap.upperBound...]))
    }

    /// A port that is free now.
    package static func freePort() -> Int {
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(raw) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard unsafe bind(raw, $0, size) == 0, unsafe getsockname(raw, $0, &size) == 0
                else { return 0 }
                return unsafe pointer.pointee.sin_port.bigEndian > 0
                    ? unsafe Int(UInt16(bigEndian: pointer.pointee.sin_port)) : 0
            }
        }
    }
}
