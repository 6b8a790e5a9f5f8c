import Glibc
import Testing

@testable import HTTPServer

@Suite("The web server answers what is asked and is bounded", .timeLimit(.minutes(5)))
struct HTTPServerTests {
    /// Sends bytes to the server, runs it, and returns all that comes back until it closes.
    private func exchange(
        _ server: HTTPServer, _ request: String, finished: (String) -> Bool
    ) throws -> String {
        let client = try connect(to: server)
        defer { close(client) }
        let bytes = Array(request.utf8)
        _ = unsafe write(client, bytes, bytes.count)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        for _ in 0..<2000 {
            server.run()
            let got = unsafe recv(client, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if got > 0 { answer += buffer[..<got] }
            if got == 0 || finished(String(decoding: answer, as: UTF8.self)) { break }
            var entry = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&entry, 1, 5)
        }
        return String(decoding: answer, as: UTF8.self)
    }

    private func connect(to server: HTTPServer) throws -> Int32 {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(server.port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        return client
    }

    @Test func slowConnectionsLeaveRoomForOthers() throws {
        let server = try serve()
        var slow: [Int32] = []
        defer { for file in slow { close(file) } }
        for number in 0..<64 {
            slow.append(try connect(to: server))
            // Half say nothing, half begin to ask and never end.
            let begun = Array("GET /hello HTTP/1.1\r\nHost: x\r\n".utf8)
            if number % 2 == 0 { _ = unsafe write(slow[number], begun, begun.count) }
            server.run()
        }
        for _ in 0..<20 {
            let answer = try exchange(
                server, "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            ) { _ in false }
            #expect(answer.hasSuffix("good day\n"))
        }
    }

    private func serve() throws -> HTTPServer {
        try HTTPServer(address: "127.0.0.1", port: 0) { request in
            request.path == "/hello"
                ? .text("good day\n") : .text("no \(request.path)\n", status: 404)
        }
    }

    @Test func pagesAreServedAndOthersRefused() throws {
        let server = try serve()
        let end = "\r\nHost: x\r\nConnection: close\r\n\r\n"
        let good = try exchange(server, "GET /hello?a=1 HTTP/1.1" + end) { _ in false }
        #expect(good.hasPrefix("HTTP/1.1 200 OK\r\n") && good.hasSuffix("\r\n\r\ngood day\n"))
        #expect(good.contains("X-Content-Type-Options: nosniff"))
        let head = try exchange(server, "HEAD /hello HTTP/1.1" + end) { _ in false }
        #expect(head.contains("Content-Length: 9") && head.hasSuffix("\r\n\r\n"))
        let missing = try exchange(server, "GET /nothing HTTP/1.1" + end) { _ in false }
        #expect(missing.hasPrefix("HTTP/1.1 404 "))
        let post = try exchange(
            server, "POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        ) { $0.contains("only GET") }
        #expect(post.hasPrefix("HTTP/1.1 405 ") && post.contains("Allow: GET, HEAD"))
    }

    @Test func largeHeadersAndGarbageAreRefused() throws {
        let server = try serve()
        let header = "X: " + String(repeating: "a", count: 3 * HTTPLimits.connectionBytes)
        let large = try exchange(server, "GET /hello HTTP/1.1\r\n\(header)\r\n\r\n") { _ in false }
        #expect(!large.contains("200 OK"))
        let garbage = try exchange(server, "\u{1}\u{2}\r\n\r\n\r\n") { _ in false }
        #expect(!garbage.contains("200 OK"))
        let good = try exchange(
            server, "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        ) { _ in false }
        #expect(good.contains("200 OK"), "the others are still served")
    }

    @Test func aPortInUseIsNamedAndFreedByTheEnd() throws {
        let server = try serve()
        let port = server.port
        do throws(HTTPServerError) {
            _ = try HTTPServer(address: "127.0.0.1", port: port) { _ in .text("") }
            Issue.record("bound twice")
        } catch {
            #expect(error.code == EADDRINUSE && "\(error)" == "bind: Address already in use")
        }
        server.stop()
        let second = try HTTPServer(address: "127.0.0.1", port: port) { _ in .text("") }
        #expect(second.port == port)
        do throws(HTTPServerError) {
            _ = try HTTPServer(address: "not.numeric", port: 0) { _ in .text("") }
            Issue.record("a name was taken")
        } catch {
            #expect(error.code == EADDRNOTAVAIL)
        }
    }
}
