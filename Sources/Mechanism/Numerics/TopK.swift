/// One item of a ranked list.
package struct Ranked: Sendable, Equatable {
    package let index: Int
    package let score: Float

    package init(index: Int, score: Float) {
        self.index = index
        self.score = score
    }
}

/// The `k` largest scores in falling order; ties go to the lower index, NaN is never taken.
///
/// `excluded` are indices to leave out, in any order; those out of range are ignored.
package func topK(_ scores: [Float], k: Int, excluding excluded: [Int32] = []) -> [Ranked] {
    guard k > 0 else { return [] }
    if excluded.isEmpty {
        return scores.withReading { selectTop($0, k) }
    }
    var open = scores
    return open.withLane { lane in
        for index in excluded where index >= 0 && Int(index) < lane.count {
            lane[Int(index)] = .nan
        }
        return selectTop(Reading(lane), k)
    }
}

/// A heap of the best `k` seen so far, the worst on top: most scores cost one comparison.
func selectTop(_ scores: Reading<Float>, _ k: Int) -> [Ranked] {
    var heap = TopHeap(capacity: min(k, scores.count))
    guard heap.capacity > 0 else { return [] }
    var index = 0
    while index < scores.count && !heap.isFull {
        if !scores[index].isNaN { heap.insert(scores[index], index) }
        index += 1
    }
    while index < scores.count {
        // A later index loses ties, so only a strictly larger score enters.
        if scores[index] > heap.floor { heap.replaceWorst(scores[index], index) }
        index += 1
    }
    return heap.sorted()
}

/// The best few of a stream of scores; ties go to the lower index.
struct TopHeap {
    let capacity: Int
    private var entries: [Ranked] = []

    init(capacity: Int) {
        self.capacity = capacity
        entries.reserveCapacity(capacity)
    }

    var isFull: Bool { entries.count == capacity }

    /// The score a newcomer must beat once full.
    var floor: Float { entries[0].score }

    private static func worse(_ a: Ranked, _ b: Ranked) -> Bool {
        a.score < b.score || (a.score == b.score && a.index > b.index)
    }

    /// Adds while there is room, replaces the worst afterwards when better.
    mutating func offer(_ score: Float, _ index: Int) {
        guard capacity > 0, !score.isNaN else { return }
        if !isFull {
            insert(score, index)
        } else if Self.worse(entries[0], Ranked(index: index, score: score)) {
            replaceWorst(score, index)
        }
    }

    mutating func insert(_ score: Float, _ index: Int) {
        entries.append(Ranked(index: index, score: score))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.worse(entries[child], entries[parent]) else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func replaceWorst(_ score: Float, _ index: Int) {
        entries[0] = Ranked(index: index, score: score)
        var parent = 0
        while true {
            var least = 2 * parent + 1
            guard least < entries.count else { break }
            if least + 1 < entries.count && Self.worse(entries[least + 1], entries[least]) {
                least += 1
            }
            guard Self.worse(entries[least], entries[parent]) else { break }
            entries.swapAt(least, parent)
            parent = least
        }
    }

    /// Best first.
    func sorted() -> [Ranked] { entries.sorted { Self.worse($1, $0) } }
}
