import Messages
import Runtime
import SQLite
import Storage
import System
import Testing

@testable import Ingest

/// The real role over the real log, whose writing fails in every way that it survives.
@Suite("What a refused commit leaves behind in ingest", .timeLimit(.minutes(5)))
struct RefusedCommitTests {
    enum Fault: CaseIterable { case diskFull, locked }

    @Test(
        "nothing was taken is nothing: no stamp, no link, no name, no share of the spool",
        arguments: Fault.allCases)
    func nothing(fault: Fault) async throws {
        let world = try IngestWorld { $0.ingest.identifiersMax = 2 }
        let ingest = try await world.startIngest()
        _ = try await world.send(
            [GroupUndoTests.item("i1", "tea")], producer: "p", sequence: 1
        ).get()
        let admitted = await ingest.role.admittedBytes
        let path = "\(world.folder.logFolder)/events.sqlite"
        let other = try Database(path: path)
        switch fault {
        case .diskFull: try await ingest.role.limitLog(pages: 0)
        case .locked: try other.execute("BEGIN IMMEDIATE")
        }
        // More than a page that is half empty still takes.
        let refused = try await world.send(
            [GroupUndoTests.item("i1", "forged"), GroupUndoTests.link("a", "b")]
                + IngestWorld.events(200, text: 2000),
            producer: "p", sequence: 2)
        guard case .failure(.refused(let code, _, _)) = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(code == (fault == .diskFull ? .diskFull : .storageFailed))
        #expect(await ingest.role.admittedBytes <= admitted, "it only falls")
        switch fault {
        case .diskFull: try await ingest.role.limitLog(pages: 1 << 20)
        case .locked: try other.execute("ROLLBACK")
        }
        var event = IngestWorld.events(1)
        if case .event(var content)? = event[0].content {
            content.itemID = "i1"
            event[0].content = .event(content)
        }
        let taken = try await IngestWorld.until { () -> BatchResult? in
            // A disk that was full is asked again after a while.
            try? await world.send(
                [GroupUndoTests.link("a", "c")] + event, producer: "p", sequence: 2
            ).get()
        }
        #expect(taken?.accepted == 2, "b was refused, so c is the second identifier of a")
        await ingest.stop()
        let log = try SQLiteEventLog(folder: world.folder.logFolder, readOnly: true)
        var categories: [String] = []
        for partition in 0..<64 {
            for block in try log.read(partition: partition, from: 0, maxBytes: 1 << 20) {
                var reader = BlockReader(block.records.span)
                while let range = try reader.next() {
                    let record = try Record(decoding: block.records.span.extracting(range))
                    categories.append(record.stamp?.category ?? "")
                }
            }
        }
        #expect(categories == ["tea"])
    }
}

extension IngestRole {
    /// What admission counts as taken lately.
    var admittedBytes: Double { admission.usageBytes }

    func limitLog(pages: Int) throws {
        try log.use { try $0.limitGrowth(pages: pages) }
    }
}
