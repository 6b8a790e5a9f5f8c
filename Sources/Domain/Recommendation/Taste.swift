import Learning
import Numerics

/// A user's history resolved against one model set: indices and numbers only, kept with the
/// profile.
package struct Taste: Sendable, Equatable {
    /// The set it was resolved against; with another one it must be resolved again.
    package var generation: UInt64 = 0
    /// Items of the catalogue then; an item that came later may be one that the history names.
    package var catalogueCount = 0
    /// Items of the history, newest first, each once.
    package var seeds: [Int32] = []
    /// The weights of each seed's events, summed.
    package var strengths: [Float] = []
    /// Factors of each seed's lists in the score.
    package var together: [Float] = []
    package var following: [Float] = []
    /// The best items by neighbours and categories, by rising index, with their part of the score.
    package var nearItems: [Int32] = []
    package var nearParts: [Float] = []
    /// The user's factors scaled to the mix; empty when nothing is known.
    package var vector: [Float] = []
    package var purchased: [Int32] = []
    package var hidden: [Int32] = []
    package var inCart: [Int32] = []
    /// Items of the history that a rule leaves out for what was done with them; each once.
    package var rated: [Int32] = []
    package var viewed: [Int32] = []
    /// The categories a user turns to more than everybody does, and their factors in the score.
    package var categories: [Int32] = []
    package var shares: [Float] = []

    package init() {}

    /// Whether any personal source can say something.
    package var isPersonal: Bool { !seeds.isEmpty }
}

extension ModelSet {
    /// Resolves a history; `justSeen` are items of this moment that no event told of yet, newest
    /// last.
    package func taste(of history: UserHistory, justSeen: [String] = []) -> Taste {
        var taste = Taste()
        taste.generation = generation
        taste.catalogueCount = catalogue.count
        taste.purchased = indices(history.purchased)
        taste.hidden = indices(history.hidden)
        taste.inCart = indices(history.inCart)
        taste.rated = indices(history, by: .rated)
        taste.viewed = indices(history, by: .viewed)
        gather(history, justSeen: justSeen, into: &taste)
        weigh(&taste)
        return taste
    }

    /// Whether a kept taste still fits this set.
    package func fits(_ taste: Taste) -> Bool {
        taste.generation == generation && taste.catalogueCount == catalogue.count
    }

    /// Everything that follows from the seeds and their strengths.
    func weigh(_ taste: inout Taste) {
        weighNeighbours(&taste)
        taste.vector = foldIn(taste)
    }

    private func indices(_ ids: [String]) -> [Int32] { ids.compactMap(catalogue.find) }

    private func indices(_ history: UserHistory, by rule: Rule) -> [Int32] {
        let ids = history.recent.filter { leftOut.rule(ofRecent: $0.type) == rule }.map(\.item)
        return Set(indices(ids)).sorted()
    }

    /// Distinct items newest first; the same item again adds to its strength. What a user hides
    /// must not speak for anything.
    private func gather(_ history: UserHistory, justSeen: [String], into taste: inout Taste) {
        func add(_ id: String, _ weight: Float) {
            guard weight > 0, let item = catalogue.find(id), !taste.hidden.contains(item) else {
                return
            }
            if let known = taste.seeds.firstIndex(of: item) {
                taste.strengths[known] += weight
            } else if taste.seeds.count < weights.signalsMax {
                taste.seeds.append(item)
                taste.strengths.append(weight)
            }
        }
        for id in justSeen.reversed() { add(id, max(1, weights.signals[1])) }
        for entry in history.recent.reversed() { add(entry.item, weights.signals[entry.type]) }
    }

    /// The categories of the history with their weights, beyond what everybody gives them.
    private func weighCategories(_ taste: inout Taste, _ weights: [Float]) {
        var sums: [Float] = []
        for (seed, weight) in zip(taste.seeds, weights) where weight > 0 {
            let category = catalogue.categories[Int(seed)]
            guard category >= 0 else { continue }
            if let known = taste.categories.firstIndex(of: category) {
                sums[known] += weight
            } else {
                taste.categories.append(category)
                sums.append(weight)
            }
        }
        // What a category has from everybody is no taste: with one category for all items it says
        // nothing, and popularity must not come in again by this door.
        let all = sums.reduce(0, +)
        for place in sums.indices {
            let category = Int(taste.categories[place])
            let usual = category < categoryShares.count ? categoryShares[category] : 0
            sums[place] -= usual * all
        }
        taste.categories = zip(taste.categories, sums).filter { $0.1 > 0 }.map(\.0)
        taste.shares = sums.filter { $0 > 0 }
    }

    /// The weights of item-to-item and the categories, as in its own scores, scaled so that the
    /// best item of all gets the mix's share.
    private func weighNeighbours(_ taste: inout Taste) {
        let weights = serving.weights(taste.strengths)
        weighCategories(&taste, weights.category)
        for (place, seed) in taste.seeds.enumerated() {
            let counts = Int(seed) < modelled
            taste.together.append(counts ? weights.together[place] : 0)
            taste.following.append(counts ? weights.following[place] : 0)
        }
        guard !taste.seeds.isEmpty else { return }
        var sums = [Float](repeating: 0, count: modelled)
        spread(taste, into: &sums)
        let known =
            taste.seeds.count + taste.purchased.count + taste.hidden.count + taste.inCart.count
            + taste.rated.count + taste.viewed.count
        let near = topK(sums, k: self.weights.candidatesMax + known).filter { $0.score > 0 }
        guard let top = near.first?.score else { return }
        let scale = self.weights.neighbours / top
        for place in taste.seeds.indices {
            taste.together[place] *= scale
            taste.following[place] *= scale
        }
        for place in taste.shares.indices { taste.shares[place] *= scale }
        let sorted = near.sorted { $0.index < $1.index }
        taste.nearItems = sorted.map { Int32($0.index) }
        taste.nearParts = sorted.map { $0.score * scale }
    }

    /// Adds the neighbours of all seeds, and what is chosen in their categories, to a row of all
    /// modelled items.
    func spread(_ taste: Taste, into sums: inout [Float]) {
        for (category, share) in zip(taste.categories, taste.shares)
        where Int(category) < popularInCategory.count {
            for item in popularInCategory[Int(category)] {
                sums[Int(item)] += share * shareOfCategory[Int(item)]
            }
        }
        guard let together, let following else { return }
        let seeds =
            taste.seeds.allSatisfy { Int($0) < modelled }
            ? taste.seeds : taste.seeds.map { Int($0) < modelled ? $0 : 0 }
        together.spread(seeds, weights: taste.together, into: &sums)
        following.spread(seeds, weights: taste.following, into: &sums)
    }

    /// The user's factors given the items' (one half-step of the training), scaled so that from
    /// the worst to the best item it is the mix's share.
    private func foldIn(_ taste: Taste) -> [Float] {
        guard let normal else { return [] }
        let inside = taste.seeds.indices.filter { Int(taste.seeds[$0]) < modelled }
        guard !inside.isEmpty else { return [] }
        let solved = solve(inside.map { (taste.seeds[$0], taste.strengths[$0]) }, normal)
        guard solved.contains(where: { $0 != 0 }) else { return [] }
        let scores = factors.times(solved + [0])
        let span = (scores.max() ?? 0) - (scores.min() ?? 0)
        guard span > 0, span.isFinite else { return [] }
        let scale = weights.factors / span
        return solved.map { $0 * scale }
    }

    private func solve(_ signals: [(item: Int32, weight: Float)], _ normal: Matrix) -> [Float] {
        var rows: [Float] = []
        rows.reserveCapacity(signals.count * width)
        for signal in signals {
            let start = Int(signal.item) * factors.columns
            rows.append(contentsOf: factors.elements[start..<start + width])
        }
        let sweep = LeastSquaresSweep(
            confidence: SparseRows(
                columnCount: signals.count, offsets: [0, signals.count],
                columns: (0..<Int32(signals.count)).map { $0 },
                values: signals.map { confidence * min($0.weight, weightCap) }),
            regularisation: 0, steps: Self.foldInSteps)
        var x = Matrix(rows: 1, columns: width)
        sweep.solve(
            &x, from: Matrix(rows: signals.count, columns: width, elements: rows), normal: normal)
        return x.elements
    }

    /// Conjugate gradient steps, which start from nothing.
    private static let foldInSteps = 12
}
