import Testing

@testable import Ingest

@Suite("The newest blocks in memory")
struct TailCacheTests {
    @Test("a read is bounded in bytes and in blocks, and goes on behind the last")
    func bounded() {
        var tail = TailCache(partitions: 2, bytesMax: 1 << 20)
        for number in 0..<5_000 as Range<UInt64> {
            tail.append(
                TailCache.CachedBlock(
                    partition: 1, firstOffset: number, count: 1, records: [1, 2, 3]))
        }
        var (next, reads) = (UInt64(0), 0)
        while true {
            let found = tail.read(1, from: next, bytesMax: 1 << 20, blocksMax: 700)
            guard let last = found.last else { break }
            #expect(found.count <= 700)
            #expect(found.first?.firstOffset == next)
            next = last.end
            reads += 1
        }
        #expect(next == 5_000)
        #expect(reads == 8)
        #expect(tail.read(1, from: 0, bytesMax: 31, blocksMax: 700).count == 10)
        #expect(tail.read(1, from: 0, bytesMax: 0, blocksMax: 0).count == 1)
    }
}
