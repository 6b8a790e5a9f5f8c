import Messages
import SQLite
import Storage
import System
import Testing

@Suite("What the log keeps beside the records")
struct NotesTests {
    private func reject(_ index: Int, code: Int = 304, producer: String = "p") -> RejectRecord {
        RejectRecord(
            producer: producer, epoch: 1, sequence: 2, index: index, code: code, message: "no",
            record: [UInt8](repeating: UInt8(index & 0xff), count: 100), receivedMs: Int64(index))
    }

    private func append(
        _ log: SQLiteEventLog, _ rejects: [RejectRecord] = [], _ notes: LogNotes = LogNotes()
    ) throws {
        _ = try log.append(
            groups: [], batches: [], rejects: rejects, notes: notes, receivedMs: 0)
    }

    @Test("event ids and applied offsets are there again after a restart; old ids go")
    func notes() throws {
        let folder = try TemporaryFolder()
        var log = try SQLiteEventLog(folder: folder.path)
        for time in 1...200 as ClosedRange<Int64> {
            var notes = LogNotes()
            notes.eventIDs = [
                EventIDRun(owner: "", bytes: [UInt8](repeating: UInt8(time), count: 16))
            ]
            notes.eventIDsAtMs = time
            notes.forgetEventIDsBeforeMs = time - 50
            notes.applied = [UInt64(time), 7]
            try append(log, [], notes)
        }
        log = try SQLiteEventLog(folder: folder.path)
        var times: [Int64] = []
        try log.forEachEventID { time, _, ids in
            times.append(time)
            #expect(ids.count == 16)
        }
        #expect(times == Array(150...200))
        #expect(try log.applied() == [200, 7])
    }

    @Test("rejects: filters, pages, marks, drops, and an id is never given twice")
    func rejects() throws {
        let folder = try TemporaryFolder()
        var log = try SQLiteEventLog(folder: folder.path)
        try append(log, (1...10).map { reject($0, code: 300 + $0 % 2, producer: "p\($0 % 3)") })
        var filter = RejectFilter()
        filter.code = 301
        filter.producer = "p1"
        #expect(try log.rejects(filter).map(\.id) == [1, 7])
        filter = RejectFilter()
        filter.sinceMs = 9
        #expect(try log.rejects(filter).map(\.id) == [9, 10])
        filter = RejectFilter()
        filter.after = 3
        filter.limit = 2
        #expect(try log.rejects(filter).map(\.id) == [4, 5])
        var notes = LogNotes()
        notes.retried = [RejectMark(id: 4, atMs: 99, by: "anna")]
        try append(log, [], notes)
        #expect(try log.dropRejects([10, 11, 5]) == [10, 5])
        try append(log, [reject(11)])
        log = try SQLiteEventLog(folder: folder.path)
        filter = RejectFilter()
        filter.ids = [4, 5, 10, 11]
        let found = try log.rejects(filter)
        #expect(found.map(\.id) == [4, 11], "10 was dropped, and its number is not used again")
        #expect(found.first?.retriedMs == 99 && found.first?.retriedBy == "anna")
        let account = try log.rejectAccount()
        #expect((account.rows, account.dropped, account.retried) == (9, 2, 1))
        #expect(try log.rejectCounts() == [300: 5, 301: 5, 304: 1], "drops keep the counts")
    }

    @Test("beyond the limits the oldest rejects go, and are counted")
    func bounded() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        log.rejectLimits = RejectLimits(rowsMax: 10, bytesMax: 1 << 20)
        for index in 0..<25 { try append(log, [reject(index)]) }
        #expect(try log.rejects(RejectFilter()).map(\.id) == Array(16...25))
        #expect(try log.rejectAccount().evicted == 15)
        log.rejectLimits = RejectLimits(rowsMax: 10, bytesMax: 350)
        try append(log, [reject(26)])
        #expect(try log.rejects(RejectFilter()).map(\.id) == [24, 25, 26])
        #expect(try log.totals().rejects == 26)
    }

    @Test("a log of the first days is read, and gets the new tables with its next writer")
    func oldLog() throws {
        let folder = try TemporaryFolder()
        try append(try SQLiteEventLog(folder: folder.path), [reject(1), reject(2)])
        let database = try Database(path: "\(folder.path)/events.sqlite")
        for table in ["event_ids", "applied", "reject_marks", "reject_account"] {
            try database.execute("DROP TABLE \(table)")
        }
        let reader = try SQLiteEventLog(folder: folder.path, readOnly: true)
        #expect(try reader.rejects(RejectFilter()).map(\.id) == [1, 2])
        #expect(try reader.applied().isEmpty)
        let writer = try SQLiteEventLog(folder: folder.path)
        #expect(try writer.rejectAccount().rows == 2)
    }

    @Test("a failed append leaves nothing of the notes either")
    func failed() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteEventLog(folder: folder.path)
        try log.limitGrowth(pages: 2)
        var notes = LogNotes()
        notes.eventIDs = [EventIDRun(owner: "", bytes: [UInt8](repeating: 1, count: 16))]
        let block = PendingBlock(
            partition: 1, count: 1, records: [UInt8](repeating: 1, count: 1 << 20))
        #expect(throws: StorageError.self) {
            _ = try log.append(
                groups: [block], batches: [], rejects: [], notes: notes, receivedMs: 0)
        }
        var rows = 0
        try log.forEachEventID { _, _, _ in rows += 1 }
        #expect(rows == 0)
    }
}

@Suite("Deaths and quarantine")
struct QuarantineTests {
    @Test("two deaths at one place make it poisonous, one at each of many does not")
    func deaths() throws {
        let folder = try TemporaryFolder()
        let place = CrashMarker.Place(first: 3, second: 0, step: 17)
        let other = CrashMarker.Place(first: 3, second: 0, step: 18)
        #expect(try DeathBook.note("features", place, folder: folder.path) == 1)
        #expect(try DeathBook.note("features", other, folder: folder.path) == 1)
        #expect(try DeathBook.note("ingest", place, folder: folder.path) == 1)
        #expect(DeathBook(folder: folder.path).poisonous("features").isEmpty)
        #expect(try DeathBook.note("features", place, folder: folder.path) == 2)
        #expect(DeathBook(folder: folder.path).poisonous("features") == [place])
        for step in 0..<1000 as Range<UInt64> {
            let step = CrashMarker.Place(first: 9, second: 9, step: step)
            #expect(try DeathBook.note("features", step, folder: folder.path) == 1)
        }
        let size = try Files.read("\(folder.path)/deaths.txt").count
        #expect(size < 100 * DeathBook.placesMax)
    }

    @Test("the list is there again for whoever folds, with bytes and reason, each record once")
    func list() throws {
        let folder = try TemporaryFolder()
        var quarantine = try Quarantine(folder: folder.path)
        var another = quarantine
        let record = QuarantinedRecord(
            partition: 5, offset: 1 << 40, atMs: -1, reason: "because\nof two  lines",
            record: [0, 255, 10])
        try quarantine.add(record)
        try another.add(record)
        try another.add(
            QuarantinedRecord(partition: 6, offset: 0, atMs: 0, reason: "", record: []))
        let read = try Quarantine(folder: folder.path)
        #expect(read.records.count == 2)
        #expect(read.offsets(of: 5) == [1 << 40])
        #expect(read.records.first?.record == [0, 255, 10])
        #expect(read.records.first?.reason == "because of two  lines")
    }

    @Test("a damaged list is an error, never an empty one")
    func damaged() throws {
        let folder = try TemporaryFolder()
        try Files.writeAtomically("\(folder.path)/quarantine.txt", Array("5 x 1 00 y\n".utf8))
        #expect(throws: StorageError.self) { try Quarantine(folder: folder.path) }
    }
}
