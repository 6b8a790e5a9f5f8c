import Glibc
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("The supervisor keeps a service manager informed and leaves no orphan")
    struct ServiceTests {
        /// A datagram socket as systemd has it.
        private func listen(_ path: String) throws -> Int32 {
            let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
                unsafe bytes.copyBytes(from: Array(path.utf8))
            }
            let bound = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(bound == 0)
            return raw
        }

        private func received(_ raw: Int32) -> String? {
            guard Descriptor.waitReadable(raw, timeout: .milliseconds(10)) else { return nil }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let got = unsafe recv(raw, &buffer, buffer.count, 0)
            return got < 0 ? nil : String(decoding: buffer[..<got], as: UTF8.self)
        }

        @Test("READY, WATCHDOG, RELOADING and STOPPING arrive at a notify socket")
        func notified() throws {
            let cluster = try ClusterHarness()
            let path = "\(cluster.folder.runFolder)/notify"
            let raw = try listen(path)
            defer { close(raw) }
            let child = try Programs.start(
                "/usr/bin/env",
                [
                    "NOTIFY_SOCKET=\(path)", "WATCHDOG_USEC=400000",
                    "\(Programs.folder)/limn-supervisor", "--folder", cluster.folder.path,
                    "--foreground",
                ], output: cluster.output)
            defer {
                if child.poll() == nil { child.signalGroup(Signals.kill) }
            }
            var heard: [String] = []
            func hear(_ what: String) throws {
                try wait(for: "\(what) after \(heard)", within: .seconds(30)) {
                    while let text = received(raw) { heard.append(text) }
                    return heard.contains { $0.contains(what) } ? () : nil
                }
            }
            try hear("READY=1\nSTATUS=ready")
            heard = []
            for _ in 0..<3 {
                try hear("WATCHDOG=1")
                heard = []
            }
            kill(child.pid, SIGHUP)
            try hear("RELOADING=1\nMONOTONIC_USEC=")
            try hear("READY=1")
            // Frozen, it does not say that it is well.
            kill(child.pid, SIGSTOP)
            while received(raw) != nil {}
            #expect(!Descriptor.waitReadable(raw, timeout: .seconds(1)))
            kill(child.pid, SIGCONT)
            heard = []
            try hear("WATCHDOG=1")
            kill(child.pid, SIGTERM)
            try hear("STOPPING=1\nSTATUS=stopping")
            #expect(child.wait(timeout: .seconds(25)) == .exited(0), "\(cluster.lastWords)")
        }

        @Test("What a role leaves behind in a session of its own is ended")
        func orphans() throws {
            let cluster = try ClusterHarness()
            let parent = try Files.makeTemporaryFolder(prefix: "limn-orphans")
            defer { try? Files.removeTree(parent) }
            let made = try Programs.run(
                "/bin/cp", ["\(Programs.folder)/limn-supervisor", "\(parent)/limn-supervisor"])
            try #require(made.status == .exited(0), "\(made.output)")
            for kind in RoleKind.allCases {
                let script = """
                    #!/bin/sh
                    setsid sleep 1000 &
                    echo $! >> \(parent)/left
                    exit 70

                    """
                try Files.writeAtomically(
                    "\(parent)/\(kind.executable)", Array(script.utf8), mode: 0o700)
            }
            let child = try Programs.start(
                "\(parent)/limn-supervisor", ["--folder", cluster.folder.path, "--foreground"],
                output: cluster.output)
            let left = try wait(for: "a role that ended", within: .seconds(15)) {
                (try? Files.readText("\(parent)/left"))?.split(separator: "\n").first
                    .flatMap { Int32($0) }
            }
            try wait(for: "the orphan's end, not even a zombie", within: .seconds(10)) {
                Files.exists("/proc/\(left)") ? nil : ()
            }
            #expect(cluster.lastWords.contains("ended what a role left behind"))
            kill(child.pid, SIGTERM)
            #expect(child.wait(timeout: .seconds(25)) != nil)
        }
    }
}
