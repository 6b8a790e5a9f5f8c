import Glibc
import Messages
import Runtime
import Storage
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A full disk is refused, nothing is half taken, and it goes on by itself")
    struct OverloadTests {
        private static let prlimit = "/usr/bin/prlimit"

        private func ask(
            _ client: RequestClient, _ sequence: UInt64
        ) throws -> Result<BatchResult, RequestFailure> {
            var batch = EventBatch()
            batch.producer = "big"
            batch.epoch = 1
            batch.sequence = sequence
            for number in 0..<200 {
                var event = Event()
                event.userID = "user-\(number)"
                event.type = .search
                event.timeMs = 1_700_000_000_000
                event.text = String(repeating: "x", count: 500)
                var record = Record()
                record.content = .event(event)
                batch.records.append(record)
            }
            do throws(RequestFailure) {
                return .success(
                    try client.ask(
                        .eventBatch, batch, as: BatchResult.self, timeout: .seconds(20)))
            } catch {
                return .failure(error)
            }
        }

        @Test(
            "beyond the file size limit: DISK_FULL, no signal, and whole once there is room",
            .enabled(if: Files.exists(prlimit), "needs prlimit of util-linux"))
        func fileSizeLimit() throws {
            let cluster = try ClusterHarness()
            // The signal of the limit would kill whoever did not ignore it.
            let child = try Programs.start(
                Self.prlimit,
                [
                    "--fsize=3000000:unlimited", "\(Programs.folder)/limn-ingest", "--folder",
                    cluster.folder.path, "--standalone",
                ], output: cluster.output)
            let client = try cluster.client(cluster.endpoints.ingest, as: .operator, role: .event)
            var sequence: UInt64 = 0
            var refused: RequestFailure?
            while refused == nil && sequence < 200 {
                sequence += 1
                if case .failure(let failure) = try ask(client, sequence) { refused = failure }
            }
            guard case .refused(.diskFull, _, let retryAfterMs)? = refused else {
                Issue.record("\(String(describing: refused)) at \(sequence)")
                return
            }
            #expect(retryAfterMs > 0 && sequence > 2)
            var fetch = Fetch()
            fetch.stream = .events
            fetch.creditBytes = 1 << 16
            var position = Position()
            position.partition = 3
            fetch.positions = [position]
            let fetched = try client.ask(.fetch, fetch, as: Fetched.self)
            #expect(!fetched.blocks.isEmpty, "reads go on")
            let raised = try Programs.run(
                Self.prlimit, ["--pid", "\(child.pid)", "--fsize=unlimited:unlimited"])
            #expect(raised.status == .exited(0), "\(raised.output)")
            let last = try wait(for: "room", within: .seconds(10), every: .milliseconds(100)) {
                try? ask(client, sequence).get()
            }
            #expect(last.accepted == 200 && !last.already)
            kill(child.pid, SIGKILL)
            #expect(child.wait(timeout: .seconds(10)) == .signalled(SIGKILL))
            let log = try SQLiteEventLog(folder: cluster.folder.logFolder, readOnly: true)
            #expect(try log.ends().reduce(0, +) == sequence * 200)
        }
    }
}
