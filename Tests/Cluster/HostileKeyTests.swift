import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing
import ZeroMQ

extension ClusterTests {
    @Suite("A hostile key that is let in harms no other")
    struct HostileKeyTests {
        /// Sends one message of many frames; where its connection is ended, what is left of it goes
        /// nowhere.
        private func sendHuge(
            _ socket: borrowing Socket, frameBytes: Int, bytes: Int
        ) throws(ZeroMQError) {
            let frame = [UInt8](repeating: 0x41, count: frameBytes)
            for _ in 0..<bytes / frameBytes { try socket.send(frame.span, more: true) }
            try socket.send(frame)
        }

        /// The most memory that a process has had.
        private func peakBytes(_ pid: Int32) throws -> Int {
            let lines = try Files.readText("/proc/\(pid)/status").split(separator: "\n")
            let line = try #require(lines.first { $0.hasPrefix("VmHWM:") })
            return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
                << 10
        }

        @Test("a message without an end costs its connection, not the server's memory")
        func endlessMessage() throws {
            let (ingestPort, scoringPort) = (WebProbe.freePort(), WebProbe.freePort())
            let text = ClusterHarness.quietConfiguration
                .replacing(
                    "ingest: {listen: \"\"}",
                    with: "ingest: {listen: \"tcp://127.0.0.1:\(ingestPort)\"}"
                )
                .replacing(
                    "scoring: {listen: \"\"}",
                    with: "scoring: {listen: \"tcp://127.0.0.1:\(scoringPort)\"}")
            try ClusterHarness.withCluster(configuration: text) { cluster in
                let honest = try cluster.producer("honest")
                let keys = try cluster.keys(.client)
                let servers: [(RoleKind, Int, SocketRole, Int)] = [
                    (.ingest, ingestPort, .eventClient, 1 << 20),
                    (.scoring, scoringPort, .scoringClient, 100 << 10),
                ]
                for (kind, port, role, frameBytes) in servers {
                    let pid = try cluster.pid(of: kind)
                    let before = try peakBytes(pid)
                    let socket = try Socket(role, in: Context(), security: keys.connecting)
                    try socket.connect("tcp://127.0.0.1:\(port)")
                    let isConnected = socket.waitWritable(milliseconds: 5000)
                    #expect(isConnected)
                    try sendHuge(socket, frameBytes: frameBytes, bytes: 400 << 20)
                    try wait(for: "the connection to be cut", within: .seconds(20)) {
                        () -> Void? in
                        let status = cluster.status()?.roles.first { $0.role == kind.rawValue }
                        let cut = status?.counters.first { $0.name == "connections_cut" }?.value
                        return cut ?? 0 >= 1 ? () : nil
                    }
                    let after = try peakBytes(pid)
                    print("\(kind): \(before >> 20) MiB before, \(after >> 20) MiB at most")
                    #expect(after < before + (200 << 20), "\(kind)")
                    #expect(try cluster.pid(of: kind) == pid)
                    try honest.send(
                        encoded: BadInputTests.batch([
                            BadInputTests.record(BadInputTests.good("calm"))
                        ]), count: 1)
                    try honest.flush(timeout: .seconds(10))
                }
                #expect(honest.totals.accepted == 2)
            }
        }

        @Test("a key that may only send is not let in where questions are asked, nor the reverse")
        func rights() throws {
            let cluster = try ClusterHarness()
            var keys: [String: Keys] = [:]
            for verb in ["produce", "ask"] {
                keys[verb] = try cluster.addKey("only \(verb)", may: [verb])
            }
            try cluster.start()
            func connects(_ verb: String, _ endpoint: String, _ role: SocketRole) throws -> Bool {
                let own = try #require(keys[verb])
                let socket = try Socket(role, in: Context(), security: own.connecting)
                try socket.connect(endpoint)
                return socket.waitWritable(milliseconds: 1000)
            }
            let ends = cluster.endpoints
            #expect(try connects("produce", ends.ingest, .eventClient))
            #expect(try !connects("produce", ends.scoring(0), .scoringClient))
            #expect(try connects("ask", ends.scoring(0), .scoringClient))
            #expect(try !connects("ask", ends.ingest, .eventClient))
            try cluster.stop()
        }
    }
}
