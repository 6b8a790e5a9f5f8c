import Glibc
import System
import Testing

@Suite("The service manager is told", .serialized)
struct ServiceManagerTests {
    /// A datagram socket at a path, as systemd has it.
    private func listen(_ path: String) throws -> Int32 {
        let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            unsafe bytes.copyBytes(from: Array(path.utf8))
        }
        if path.hasPrefix("@") { address.sun_path.0 = 0 }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(raw, $0, size)
            }
        }
        try #require(bound == 0)
        return raw
    }

    private func receive(_ raw: Int32) -> String? {
        guard Descriptor.waitReadable(raw, timeout: .seconds(5)) else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let got = unsafe recv(raw, &buffer, buffer.count, 0)
        return got < 0 ? nil : String(decoding: buffer[..<got], as: UTF8.self)
    }

    @Test func linesArriveOnBothKindsOfSocket() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-notify")
        defer { try? Files.removeTree(folder) }
        for name in ["\(folder)/notify", "@limn-notify-\(ProcessFacts.currentPid())"] {
            let raw = try listen(name)
            defer { close(raw) }
            #expect(ServiceManager(socket: name).send("READY=1\nSTATUS=fine"))
            #expect(receive(raw) == "READY=1\nSTATUS=fine")
        }
    }

    @Test func nobodyThereIsNoError() {
        #expect(!ServiceManager().send("READY=1"))
        #expect(!ServiceManager(socket: "/nowhere/at/all").send("READY=1"))
        #expect(!ServiceManager(socket: String(repeating: "x", count: 200)).send("READY=1"))
    }

    @Test func theEnvironmentIsReadOnceAndNotInherited() {
        unsafe setenv("NOTIFY_SOCKET", "/run/x", 1)
        unsafe setenv("WATCHDOG_USEC", "30000000", 1)
        unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
        let manager = ServiceManager.takeFromEnvironment()
        #expect(manager == ServiceManager(socket: "/run/x", watchdog: .seconds(30)))
        #expect(Environment.variable("NOTIFY_SOCKET") == nil)
        #expect(ServiceManager.takeFromEnvironment() == ServiceManager())
        unsafe setenv("WATCHDOG_USEC", "30000000", 1)
        unsafe setenv("WATCHDOG_PID", "1", 1)
        #expect(ServiceManager.takeFromEnvironment().watchdog == nil, "meant for another process")
    }
}
