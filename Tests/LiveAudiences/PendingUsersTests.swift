import Numerics
import Randomness
import Testing

@testable import LiveAudiences

@Suite("Users whose change was heard are read until it must be on the disk")
struct PendingUsersTests {
    private static let delays: [Duration] = [
        .milliseconds(300), .milliseconds(1500), .seconds(6),
    ]

    @Test("one change is read three times, at the times given")
    func once() {
        var pending = PendingUsers(readAfter: Self.delays)
        pending.note(7, at: .zero)
        var read: [Int] = []
        for tick in 0..<200 {
            while let hash = pending.next(at: .milliseconds(50 * tick)) {
                #expect(hash == 7)
                read.append(50 * tick)
            }
        }
        #expect(read == [300, 1500, 6000] && pending.count == 0)
    }

    @Test("who changes all the time is read all the time")
    func busy() {
        var pending = PendingUsers(readAfter: Self.delays)
        var last = 0
        for tick in 0..<1000 {
            pending.note(7, at: .milliseconds(50 * tick))
            while pending.next(at: .milliseconds(50 * tick)) != nil {
                #expect(tick - last <= 8)
                last = tick
            }
        }
        #expect(last > 990)
    }

    @Test("every change is read long enough after it was heard", arguments: 0..<30 as Range<UInt64>)
    func property(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var pending = PendingUsers(readAfter: Self.delays)
        var heard: [UInt64: Int] = [:]
        var settled: Set<UInt64> = []
        for tick in 0..<2000 {
            let ms = 20 * tick
            if tick < 1500, random.index(below: 3) == 0 {
                let hash = UInt64(random.index(below: 12))
                pending.note(hash, at: .milliseconds(ms))
                heard[hash] = ms
                settled.remove(hash)
            }
            // Some turns have no time for more than one.
            var most = random.index(below: 2) == 0 ? 1 : Int.max
            while most > 0, let hash = pending.next(at: .milliseconds(ms)) {
                most -= 1
                if ms - (heard[hash] ?? 0) >= 5000 { settled.insert(hash) }
            }
        }
        #expect(settled == Set(heard.keys) && pending.count == 0, "seed=\(seed)")
    }
}
