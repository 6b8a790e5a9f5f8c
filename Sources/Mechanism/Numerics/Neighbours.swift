import Foundation

/// For each item its nearest others, best first.
package struct NeighbourLists: Sendable, Equatable {
    /// Item i's neighbours are the entries `offsets[i]..<offsets[i + 1]`.
    package let offsets: [Int]
    package let items: [Int32]
    package let scores: [Float]

    package var itemCount: Int { offsets.count - 1 }

    /// Traps unless the parts fit together and every item is in range.
    package init(offsets: [Int], items: [Int32], scores: [Float]) {
        precondition(offsets.first == 0 && offsets.last == items.count)
        precondition(items.count == scores.count)
        precondition(zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 })
        precondition(items.allSatisfy { $0 >= 0 && Int($0) < offsets.count - 1 })
        self.offsets = offsets
        self.items = items
        self.scores = scores
    }

    init(_ lists: [[Ranked]]) {
        var offsets = [0]
        offsets.reserveCapacity(lists.count + 1)
        for list in lists { offsets.append((offsets.last ?? 0) + list.count) }
        self.init(
            offsets: offsets, items: lists.flatMap { $0.map { Int32($0.index) } },
            scores: lists.flatMap { $0.map(\.score) })
    }

    /// The same lists with the best scores of the items that have any meaning 1, so that lists
    /// made in different ways can be added up.
    package func levelled() -> NeighbourLists {
        var sum = 0.0
        var lists = 0.0
        for (start, end) in zip(offsets, offsets.dropFirst()) where end > start {
            sum += Double(scores[start])
            lists += 1
        }
        let factor = Float(lists / sum)
        guard factor.isFinite else { return self }
        return NeighbourLists(offsets: offsets, items: items, scores: scores.map { $0 * factor })
    }

    /// The nearest `count` of one item.
    package func nearest(to item: Int, count: Int) -> [Ranked] {
        let range = offsets[item]..<offsets[item + 1]
        return range.prefix(count).map { Ranked(index: Int(items[$0]), score: scores[$0]) }
    }

    /// Adds each seed's neighbours, times the seed's weight, to `sums`.
    package func spread(_ seeds: [Int32], weights: [Float], into sums: inout [Float]) {
        precondition(seeds.count == weights.count && sums.count == itemCount)
        sums.withLane { sums in
            items.withReading { items in
                scores.withReading { scores in
                    for (seed, weight) in zip(seeds, weights) {
                        precondition(seed >= 0 && Int(seed) < itemCount)
                        for entry in offsets[Int(seed)]..<offsets[Int(seed) + 1] {
                            sums[Int(items[entry])] += weight * scores[entry]
                        }
                    }
                }
            }
        }
    }
}

/// How a co-occurrence sum becomes a score: sum ÷ (massᵢ^from · massⱼ^to + shrink).
package struct NeighbourNorm: Sendable, Equatable {
    package var fromExponent: Float
    package var toExponent: Float
    /// Pulls pairs with little evidence towards zero.
    package var shrink: Float

    package init(fromExponent: Float, toExponent: Float, shrink: Float) {
        self.fromExponent = fromExponent
        self.toExponent = toExponent
        self.shrink = shrink
    }
}

/// Sums into a row of all items that is cleared by visiting only what was touched.
struct SparseSum {
    private var sums: [Float]
    private var touched: [Int32] = []

    init(count: Int) { sums = [Float](repeating: 0, count: count) }

    /// Lends the row; `body` calls its argument with (item, amount above zero).
    @inline(__always)
    mutating func collect(_ body: ((Int32, Float) -> Void) -> Void) {
        var seen = touched
        sums.withLane { sums in
            body { item, amount in
                if sums[Int(item)] == 0 { seen.append(item) }
                sums[Int(item)] += amount
            }
        }
        touched = seen
    }

    /// The best `count` other than `own` under `norm`; clears the sums.
    mutating func take(
        _ count: Int, own: Int, fromMass: Reading<Float>, toMass: Reading<Float>, shrink: Float
    ) -> [Ranked] {
        var heap = TopHeap(capacity: count)
        let from = fromMass[own]
        for item in touched {
            let sum = sums[Int(item)]
            sums[Int(item)] = 0
            guard Int(item) != own, sum > 0 else { continue }
            heap.offer(sum / (from * toMass[Int(item)] + shrink), Int(item))
        }
        touched.removeAll(keepingCapacity: true)
        return heap.sorted()
    }
}

private func power(_ masses: [Float], _ exponent: Float) -> [Float] {
    if exponent == 0 { return masses.map { _ in 1 } }
    if exponent == 0.5 { return masses.map { $0.squareRoot() } }
    if exponent == 1 { return masses }
    return masses.map { $0 > 0 ? Float(pow(Double($0), Double(exponent))) : 0 }
}

extension NeighbourLists {
    private static func pieces(_ count: Int) -> Int { max(16, (count + 127) / 128) }

    /// Items that the same users chose: Σ over users of wᵢ·wⱼ, normed by Σ w².
    ///
    /// A user's weights are theirs times `damping` of that user (an entry per user).
    package static func together(
        users: SparseRows, damping: [Float], norm: NeighbourNorm, count: Int
    ) -> NeighbourLists {
        precondition(damping.count == users.rowCount)
        let items = users.transposed()
        var masses = [Float](repeating: 0, count: items.rowCount)
        for item in 0..<items.rowCount {
            for entry in items.offsets[item]..<items.offsets[item + 1] {
                masses[item] +=
                    items.values[entry] * items.values[entry] * damping[Int(items.columns[entry])]
            }
        }
        let from = power(masses, norm.fromExponent)
        let to = power(masses, norm.toExponent)
        let lists = from.withReading { from in
            to.withReading { to in
                users.columns.withReading { columns in
                    users.values.withReading { values in
                        Parallel.mapPieces(count: items.rowCount, grain: pieces(items.rowCount)) {
                            var sum = SparseSum(count: items.rowCount)
                            return $0.map { item in
                                sum.collect { add in
                                    for entry in items.offsets[item]..<items.offsets[item + 1] {
                                        let user = Int(items.columns[entry])
                                        let weight = items.values[entry] * damping[user]
                                        for other in users.offsets[user]..<users.offsets[user + 1] {
                                            add(columns[other], weight * values[other])
                                        }
                                    }
                                }
                                return sum.take(
                                    count, own: item, fromMass: from, toMass: to,
                                    shrink: norm.shrink)
                            }
                        }
                    }
                }
            }
        }
        return NeighbourLists(lists.flatMap { $0 })
    }

    /// Items that follow: Σ over sequences of weights[d − 1] for each j that comes d places
    /// after i, normed by the sums of leaving i and of arriving at j.
    ///
    /// Sequence s is `sequence[offsets[s]..<offsets[s + 1]]`; its weights are times `damping[s]`.
    package static func following(
        sequence: [Int32], offsets: [Int], damping: [Float], itemCount: Int, weights: [Float],
        norm: NeighbourNorm, count: Int
    ) -> NeighbourLists {
        precondition(offsets.first == 0 && offsets.last == sequence.count)
        precondition(damping.count == offsets.count - 1)
        var ends = [Int32](repeating: 0, count: sequence.count)
        var damp = [Float](repeating: 0, count: sequence.count)
        var leaving = [Float](repeating: 0, count: itemCount)
        var arriving = leaving
        for index in damping.indices {
            let end = offsets[index + 1]
            for place in offsets[index]..<end {
                ends[place] = Int32(end)
                damp[place] = damping[index]
                for distance in 1...max(1, weights.count)
                where distance <= weights.count && place + distance < end {
                    let weight = weights[distance - 1] * damping[index]
                    leaving[Int(sequence[place])] += weight
                    arriving[Int(sequence[place + distance])] += weight
                }
            }
        }
        let places = SparseRows(
            rowCount: itemCount, columnCount: max(1, sequence.count), rows: sequence,
            columns: (0..<Int32(sequence.count)).map { $0 }, values: damp)
        let from = power(leaving, norm.fromExponent)
        let to = power(arriving, norm.toExponent)
        let lists = from.withReading { from in
            to.withReading { to in
                sequence.withReading { sequence in
                    Parallel.mapPieces(count: itemCount, grain: pieces(itemCount)) { [ends] piece in
                        var sum = SparseSum(count: itemCount)
                        return piece.map { item in
                            sum.collect { add in
                                for entry in places.offsets[item]..<places.offsets[item + 1] {
                                    let place = Int(places.columns[entry])
                                    let limit = min(weights.count, Int(ends[place]) - place - 1)
                                    for distance in 0..<limit {
                                        add(
                                            sequence[place + distance + 1],
                                            weights[distance] * places.values[entry])
                                    }
                                }
                            }
                            return sum.take(
                                count, own: item, fromMass: from, toMass: to, shrink: norm.shrink)
                        }
                    }
                }
            }
        }
        return NeighbourLists(lists.flatMap { $0 })
    }
}
