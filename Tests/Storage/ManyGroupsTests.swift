import Randomness
import Storage
import TestSupport
import Testing

@Suite("A log of very many small groups costs by what is read of it")
struct ManyGroupsTests {
    private static let groups = 100_000
    private static let catalogue = 64

    private func makeLog(_ folder: TemporaryFolder) throws -> SQLiteEventLog {
        let log = try SQLiteEventLog(folder: folder.path)
        try ManyGroups(groups: Self.groups).fill(log)
        return log
    }

    @Test("a sparse partition is read from 0 with a logarithm of look-ups per block")
    func sparse() throws {
        let folder = try TemporaryFolder()
        _ = try makeLog(folder)
        let log = try SQLiteEventLog(folder: folder.path, readOnly: true)
        let found = try log.read(partition: Self.catalogue, from: 0, maxBytes: 4 << 20)
        #expect(found.map(\.firstOffset) == Array(0..<10))
        // 17 to find the first, and twice the logarithm of the 10,000 groups between two.
        #expect(log.lookups <= 17 + 10 * 30, "\(log.lookups) look-ups")
        #expect(log.lookups >= 10)
    }

    @Test("any offset of any partition is found with the logarithm of the log")
    func anywhere() throws {
        let folder = try TemporaryFolder()
        let log = try makeLog(folder)
        var random = SplitMix64(seed: 14)
        let ends = try log.ends()
        for _ in 0..<1_000 {
            let partition = Int.random(in: 0..<64, using: &random)
            guard ends[partition] > 0 else { continue }
            let offset = UInt64.random(in: 0..<ends[partition], using: &random)
            let before = log.lookups
            let found = try log.read(partition: partition, from: offset, maxBytes: 1)
            #expect(found.map(\.firstOffset) == [offset])
            #expect(log.lookups - before <= 40, "partition \(partition), offset \(offset)")
        }
    }

    @Test("one read looks up no more groups than its bound, and the next goes on behind it")
    func bounded() throws {
        let folder = try TemporaryFolder()
        let log = try makeLog(folder)
        let ends = try log.ends()
        let partition = try #require((0..<64).first { ends[$0] > 0 })
        var (next, reads) = (UInt64(0), 0)
        while true {
            let before = log.lookups
            let found = try log.read(
                partition: partition, from: next, maxBytes: 64 << 20, lookupsMax: 100)
            guard let last = found.last else { break }
            // The last block may take one more search.
            #expect(log.lookups - before <= 100 + 40)
            #expect(found.first?.firstOffset == next)
            next = last.endOffset
            reads += 1
        }
        #expect(next == ends[partition])
        #expect(reads > 10)
    }

    @Test("a step of retention removes a bounded number of groups")
    func retention() throws {
        let folder = try TemporaryFolder()
        let log = try makeLog(folder)
        let before = log.lookups
        #expect(try log.removeOldest(before: 50_000, bytesMax: 64 << 20))
        #expect(try log.groups()?.lowerBound == 1 + StorageLimits.groupsPerRemoval)
        #expect(log.lookups - before <= Int(StorageLimits.groupsPerRemoval) + 2)
    }
}
