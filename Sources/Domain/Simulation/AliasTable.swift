import Randomness

/// Draws from a fixed discrete distribution in constant time (Walker's alias method).
struct AliasTable: Sendable {
    private var thresholds: [Float] = []
    private var aliases: [Int32] = []

    init(_ weights: [Double]) {
        let total = weights.reduce(0, +)
        precondition(!weights.isEmpty && total > 0, "a distribution needs a positive weight")
        let count = weights.count
        var scaled = weights.map { $0 / total * Double(count) }
        thresholds = Array(repeating: 1, count: count)
        aliases = (0..<count).map { Int32($0) }
        var small = scaled.indices.filter { scaled[$0] < 1 }
        var large = scaled.indices.filter { scaled[$0] >= 1 }
        while let low = small.popLast(), let high = large.last {
            thresholds[low] = Float(scaled[low])
            aliases[low] = Int32(high)
            scaled[high] -= 1 - scaled[low]
            if scaled[high] < 1 {
                large.removeLast()
                small.append(high)
            }
        }
    }

    @inline(__always)
    func draw(_ random: inout SeededRandom) -> Int {
        let at = random.index(below: thresholds.count)
        return Float(random.uniform()) < thresholds[at] ? at : Int(aliases[at])
    }
}
