import Events
import Messages
import TestSupport
import Testing

@testable import Features

/// What it costs to fold users whose ids strangers have made, in places looked at.
@Suite("Users of one hash cost what others cost", .timeLimit(.minutes(3)))
struct EqualHashTests {
    private static let users = 100_000

    /// The fold after one event of each user, with all users announced.
    private func folded(
        _ ids: [String], _ keys: UserKeys, partition: Int
    ) throws -> (fold: PartitionFold, changed: [UInt64]) {
        var fold = PartitionFold(
            partition: partition, appliedOffset: 0, storeIsEmpty: true, parameters: .standard,
            keys: keys)
        var changed: [UInt64] = []
        for start in stride(from: 0, to: ids.count, by: 1000) {
            var block: [UInt8] = []
            for id in ids[start..<min(start + 1000, ids.count)] {
                let body = Event(id, .login, "", 1_700_000_000_000).encoded()
                block.appendRecord(.event, body.span, 0..<body.count, stamp: Stamp())
            }
            try fold.fold(
                block.span, firstOffset: UInt64(start), changed: &changed, load: { _ in nil })
        }
        return (fold, changed)
    }

    @Test("100,000 ids of one XXH64 take as many probes as 100,000 ordinary ones")
    func probes() throws {
        var maker = EqualHashes(seed: 1)
        let equal = maker.next(Self.users)
        let partition = Partitions.partition(ofUser: equal[0])
        let ordinary = (0..<Self.users).map { "user-\($0)" }
        let keys = UserKeys(HashKey((11, 12)))
        let attacked = try folded(equal, keys, partition: partition).fold
        let usual = try folded(ordinary, keys, partition: 0).fold
        #expect(attacked.table.count == Self.users && attacked.counts.crowded == 0)
        #expect(usual.table.probes == UInt64(Self.users))
        // Before there was a key: 5,000,050,000.
        #expect(attacked.table.probes == UInt64(Self.users))
        #expect(attacked.table.indexProbes < 2 * usual.table.indexProbes)
    }

    @Test(
        "full buckets, as one makes who knows the key, are passed by: bounded, and nobody mixed up")
    func fullBuckets() throws {
        // 16 buckets of 8 rows, and four for each user.
        let keys = UserKeys(HashKey((11, 12)), hashBits: 4)
        let ids = (0..<100).map { "user-\($0)" } + (0..<100).map { "user-\($0)" }
        var (fold, changed) = try folded(ids, keys, partition: 3)
        #expect(fold.counts.crowded == 0)
        #expect(fold.table.probes <= UInt64(200 * UserKeys.probesMax))
        var rows = Dictionary(
            uniqueKeysWithValues: fold.takeChanges().users.states.map { ($0.key, $0.state) })
        #expect(rows.count == 100)
        for state in fold.table.states { #expect(state.events == 2, "\(state.userID)") }
        // Whoever looks for changed users by number finds every one of them.
        var announced: Set<String> = []
        for bucket in Set(changed) {
            for place in 0..<UserKeys.rowsPerBucket {
                guard let bytes = rows[UserKeys.row(place, of: bucket)] else { break }
                announced.insert(try UserState(decoding: bytes.span).userID)
            }
        }
        #expect(announced.count == 100)
        // Read again from a store, in another order.
        var second = PartitionFold(
            partition: 3, appliedOffset: 0, storeIsEmpty: false, parameters: .standard, keys: keys)
        for id in ids.reversed() {
            #expect(try second.state(of: id, load: { rows[$0] })?.userID == id)
        }
        #expect(try second.state(of: "stranger", load: { rows[$0] }) == nil)
        rows = [:]
    }

    @Test("beyond the last bucket a user is refused and counted, and others go on")
    func crowded() throws {
        let keys = UserKeys(HashKey((11, 12)), hashBits: 0)
        let ids = (0..<50).map { "user-\($0)" } + ["user-1"]
        let (fold, _) = try folded(ids, keys, partition: 3)
        #expect(fold.table.count == UserKeys.rowsPerBucket)
        #expect(fold.counts.crowded == 50 - UInt64(UserKeys.rowsPerBucket))
        #expect(fold.table.states[1].events == 2)
        #expect(fold.appliedOffset == 51)
        #expect(fold.table.probes <= 51 * UInt64(UserKeys.probesMax))
    }

    @Test("keys that met in the index under a fixed factor do not under the process's own")
    func index() {
        // key × 0x9E37_79B9_7F4A_7C15 has the same middle bits for all of them.
        let inverse: UInt64 = 0xF1DE_83E1_9937_733D
        #expect(inverse &* 0x9E37_79B9_7F4A_7C15 == 1)
        var index = KeyIndex()
        let keys = (0..<10_000).map { inverse &* (UInt64($0) | 77 << 32) }
        for (slot, key) in keys.enumerated() { index.insert(key, slot: slot) }
        let probes = keys.reduce(0) { $0 + index.probes(of: $1) }
        // Before: 50,005,000.
        #expect(probes < 50 * keys.count, "\(probes)")
        for (slot, key) in keys.enumerated() { #expect(index[key] == slot) }
    }

    @Test("a word of one user whose hash is another's does not become the other's word")
    func names() throws {
        var maker = EqualHashes(seed: 2)
        let words = maker.next(2)
        var log = Log()
        for (place, word) in words.enumerated() {
            var event = Event("user-\(place)", .view, "item", 1_700_000_000_000)
            event.brand = word
            log.append(event)
        }
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 2)
        for (place, word) in words.enumerated() {
            let names = fold.table.states[place].affinities.shares(.brand).map(\.name)
            #expect(names == [word], "before, the second got the first one's word")
        }
    }
}
