import Foundation

/// How good one ranked list is against the items that came.
package enum RankingMetrics {
    /// 1 when any relevant item is among the first k.
    package static func hit(_ ranked: [Int32], _ relevant: Set<Int32>, k: Int) -> Double {
        ranked.prefix(k).contains { relevant.contains($0) } ? 1 : 0
    }

    /// Share of the relevant items among the first k.
    package static func recall(_ ranked: [Int32], _ relevant: Set<Int32>, k: Int) -> Double {
        guard !relevant.isEmpty else { return 0 }
        return Double(ranked.prefix(k).count { relevant.contains($0) }) / Double(relevant.count)
    }

    /// Discounted gain by the best possible one, base-2 logarithm (Järvelin, Kekäläinen 2002).
    package static func ndcg(_ ranked: [Int32], _ relevant: Set<Int32>, k: Int) -> Double {
        guard !relevant.isEmpty else { return 0 }
        var gain = 0.0
        for (place, item) in ranked.prefix(k).enumerated() where relevant.contains(item) {
            gain += 1 / log2(Double(place + 2))
        }
        var best = 0.0
        for place in 0..<min(k, relevant.count) { best += 1 / log2(Double(place + 2)) }
        return best > 0 ? gain / best : 0
    }

    /// One over the place of the first relevant item, 0 when it is not in the first k.
    package static func reciprocalRank(
        _ ranked: [Int32], _ relevant: Set<Int32>, k: Int
    ) -> Double {
        guard let place = ranked.prefix(k).firstIndex(where: { relevant.contains($0) }) else {
            return 0
        }
        return 1 / Double(place + 1)
    }

    /// Mean over the relevant items of the precision at their places.
    package static func averagePrecision(
        _ ranked: [Int32], _ relevant: Set<Int32>, k: Int
    ) -> Double {
        guard !relevant.isEmpty, k > 0 else { return 0 }
        var found = 0.0
        var sum = 0.0
        for (place, item) in ranked.prefix(k).enumerated() where relevant.contains(item) {
            found += 1
            sum += found / Double(place + 1)
        }
        return sum / Double(min(k, relevant.count))
    }
}
