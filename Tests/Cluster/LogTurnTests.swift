import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Logs stay small while roles run")
    struct LogTurnTests {
        private static func settings(_ log: String) -> String {
            """
            {
              ingest: {listen: ""}, scoring: {listen: ""},
              trainer: {onStart: false, every: "0"}, supervisor: {http: ""},
              log: {\(log)},
            }
            """
        }

        private func withLogs(_ log: String, _ body: (ClusterHarness) throws -> Void) throws {
            let cluster = try ClusterHarness(configuration: Self.settings(log))
            cluster.logsToFiles = true
            try cluster.start()
            try body(cluster)
            try cluster.stop()
        }

        /// Every batch with a trace id of its own.
        private func trace(_ batches: Range<Int>, _ cluster: ClusterHarness) throws {
            let producer = try cluster.producer("traced-\(batches.lowerBound)")
            var workload = Workload(seed: UInt64(batches.lowerBound) + 1)
            var oracle = Oracle()
            for number in batches {
                producer.traceID = Self.id(number)
                try producer.send(workload.batch(1, into: &oracle))
            }
            try producer.flush(timeout: .seconds(60))
        }

        private static func id(_ number: Int) -> [UInt8] {
            (0..<16).map { $0 < 8 ? 7 : UInt8(truncatingIfNeeded: number >> (8 * (15 - $0))) }
        }

        /// All files of ingest's log, oldest first.
        private func files(_ cluster: ClusterHarness) throws -> [(name: String, text: String)] {
            let folder = cluster.folder.logsFolder
            return try Files.list(folder).filter { $0.hasPrefix("ingest-0.log") }.reversed().map {
                ($0, try Files.readText("\(folder)/\($0)"))
            }
        }

        @Test("A role puts its log aside by size, keeps so many files, and loses no line")
        func turned() throws {
            let bytesMax = 65_536
            let log = "fileBytesMax: \(bytesMax), filesMax: 3, traceLinesMax: 100000"
            try withLogs(log) { cluster in
                let pid = try cluster.pid(of: .ingest)
                try trace(0..<1200, cluster)
                let found = try files(cluster)
                #expect(
                    found.map(\.name) == ["ingest-0.log.2", "ingest-0.log.1", "ingest-0.log"])
                for (name, text) in found {
                    #expect(text.utf8.count <= bytesMax, "\(name)")
                    #expect(text.hasSuffix("\n"), "\(name) ends within a line")
                }
                let durable = found.flatMap { $0.text.split(separator: "\n") }.filter {
                    $0.hasSuffix("stage=durable")
                }.compactMap { $0.firstMatch(of: /trace=([0-9a-f]{32})/).map { String($0.1) } }
                #expect(durable.count > 300)
                let wanted = (1200 - durable.count..<1200).map { TraceNotes.text(Self.id($0)) }
                #expect(durable == wanted, "lines are missing or out of order")
                #expect(try cluster.pid(of: .ingest) == pid, "no process was started anew for it")
                // What a role says when it dies is in the file that it had turned to.
                kill(pid, SIGKILL)
                try cluster.waitReady()
                try wait(for: "the new process in the log", within: .seconds(20)) {
                    let texts = try files(cluster).map(\.text).joined()
                    return texts.contains("ready endpoints=") ? () : nil
                }
            }
        }

        @Test("A trace id on every batch leaves some lines and their number, not a line each")
        func limited() throws {
            try withLogs("repeatWindow: \"2 s\", traceLinesMax: 20") { cluster in
                let begun = Clock.monotonic()
                try trace(0..<3000, cluster)
                let summary = try wait(for: "the number of the others", within: .seconds(20)) {
                    let text = try files(cluster).map(\.text).joined()
                    let found = text.matches(of: /trace repeated=(\d+)/).compactMap { Int($0.1) }
                    let lines = text.matches(of: /trace trace=/).count
                    return found.reduce(lines, +) == 6000 ? lines : nil
                }
                let windows = Int((Clock.monotonic() - begun) / .seconds(2)) + 1
                #expect(summary <= 20 * windows, "\(summary) lines in \(windows) windows")
            }
        }
    }
}
