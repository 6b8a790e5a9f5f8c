import Testing

@testable import Ingest

@Suite("What is acknowledged but not applied")
struct BacklogTests {
    private func backlog() -> Backlog {
        Backlog(
            committed: Array(repeating: 0, count: 65), ends: Array(repeating: 0, count: 65),
            bytesPerRecord: 0)
    }

    @Test("Grows with blocks, shrinks with commits, ends at zero")
    func account() {
        var backlog = backlog()
        for step in 1...100 as ClosedRange<UInt64> {
            backlog.append(3, end: step * 10, bytes: 10_000)
            backlog.append(5, end: step * 10, bytes: 1)
        }
        #expect(backlog.bytes == 1_000_100)
        backlog.commit(3, 500)
        #expect(backlog.bytes < 600_000 && backlog.bytes > 490_000)
        backlog.commit(3, 1000)
        #expect(backlog.bytes == 100)
        backlog.commit(5, 999)
        #expect(backlog.bytes == 100)
        backlog.commit(5, 1000)
        #expect(backlog.bytes == 0)
    }

    @Test("The catalogue is nobody's backlog; unknown partitions are ignored")
    func catalogue() {
        var backlog = backlog()
        backlog.append(64, end: 10, bytes: 1000)
        backlog.commit(1000, 1)
        #expect(backlog.bytes == 0)
    }

    @Test("After a restart what waits is estimated, and the first word of a worker counts")
    func restart() {
        var committed = Array(repeating: UInt64(0), count: 65)
        var ends = committed
        committed[7] = 900
        ends[7] = 1000
        var backlog = Backlog(committed: committed, ends: ends, bytesPerRecord: 50)
        #expect(backlog.bytes == 5000)
        #expect(!backlog.isConfirmed[7])
        backlog.commit(7, 100)
        #expect(backlog.committed[7] == 100 && backlog.isConfirmed[7])
        backlog.commit(7, 50)
        #expect(backlog.committed[7] == 100, "an old owner's word turns nothing back")
        backlog.commit(7, 1000)
        #expect(backlog.bytes == 0)
    }
}
