import Roaring
import Testing

@Suite("Bitmaps are sets of numbers")
struct BitmapTests {
    @Test("equal to sets, over random changes", arguments: 0..<3 as Range<UInt64>)
    func sets(seed: UInt64) {
        var state = seed
        func next(_ limit: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % limit
        }
        // Dense, spread and far apart: arrays, bitsets and runs within.
        let spread = [200, 70_000, 4_294_967_296][Int(seed % 3)] as UInt64
        var bitmaps = [Bitmap(), Bitmap()]
        var sets: [Set<UInt32>] = [[], []]
        for _ in 0..<3000 {
            let which = Int(next(2))
            let value = UInt32(next(spread))
            if next(4) == 0 {
                bitmaps[which].remove(value)
                sets[which].remove(value)
            } else {
                bitmaps[which].insert(value)
                sets[which].insert(value)
            }
        }
        let (a, b) = (bitmaps[0], bitmaps[1])
        #expect(a.values == sets[0].sorted())
        #expect(a.count == sets[0].count)
        #expect(a == Bitmap(Array(sets[0])))
        #expect(a.intersection(b).values == sets[0].intersection(sets[1]).sorted())
        #expect(a.union(b).values == sets[0].union(sets[1]).sorted())
        #expect(a.subtracting(b).values == sets[0].subtracting(sets[1]).sorted())
        #expect(a.intersectionCount(b) == sets[0].intersection(sets[1]).count)
        for (rank, value) in sets[0].sorted().enumerated() where rank % 97 == 0 {
            #expect(a.value(atRank: rank) == value)
            #expect(a.count(below: value) == rank && a.count(below: value + 1) == rank + 1)
            #expect(a.contains(value))
        }
        #expect(a.count(below: 0) == 0 && a.count(below: .max) >= a.count - 1)
        #expect(a.value(atRank: a.count) == nil && a.value(atRank: -1) == nil)
        #expect((a == b) == (sets[0] == sets[1]))
    }

    @Test("a copy does not follow the original")
    func copies() {
        var first = Bitmap([1, 2, 3])
        let second = first
        first.insert(9)
        first.remove(1)
        #expect(first.values == [2, 3, 9])
        #expect(second.values == [1, 2, 3])
        #expect(Bitmap().values == [] && Bitmap([]).count == 0)
        #expect(first.byteCount > 0)
    }
}
