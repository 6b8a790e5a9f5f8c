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
    /// The best neighbours of all seeds by rising item index, with their part of the score.
    package var nearItems: [Int32] = []
    package var nearParts: [Float] = []
    /// The user's factors scaled to the mix; empty when nothing is known.
    package var vector: [Float] = []
    package var purchased: [Int32] = []
    package var hidden: [Int32] = []
    package var inCart: [Int32] = []
    /// The categories a user turns to more than everybody does, and by how much more of the
    /// history.
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
        weighCategories(&taste)
        weighNeighbours(&taste)
        taste.vector = foldIn(taste)
    }

    private func indices(_ ids: [String]) -> [Int32] { ids.compactMap(catalogue.find) }

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

    private func weighCategories(_ taste: inout Taste) {
        var categories: [Int32] = []
        var sums: [Float] = []
        for (seed, strength) in zip(taste.seeds, taste.strengths) {
            let category = catalogue.categories[Int(seed)]
            guard category >= 0 else { continue }
            if let known = categories.firstIndex(of: category) {
                sums[known] += strength
            } else {
                categories.append(category)
                sums.append(strength)
            }
        }
        let all = sums.reduce(0, +)
        let order = sums.indices.sorted {
            sums[$0] > sums[$1] || (sums[$0] == sums[$1] && categories[$0] < categories[$1])
        }
        // What a category has from everybody is no taste: with one category for all items it says
        // nothing, and popularity must not come in again by this door.
        for place in order.prefix(weights.categoriesMax) {
            let category = Int(categories[place])
            let usual = category < categoryShares.count ? categoryShares[category] : 0
            let more = sums[place] / all - usual
            guard more > 0 else { continue }
            taste.categories.append(categories[place])
            taste.shares.append(more)
        }
    }

    /// The weights of item-to-item, scaled so that the best neighbour of all gets the mix's share.
    private func weighNeighbours(_ taste: inout Taste) {
        var together = 1 - serving.followingShare
        var following = serving.followingShare
        for (place, strength) in taste.strengths.enumerated() {
            let counts = place < serving.recentItems && Int(taste.seeds[place]) < modelled
            taste.together.append(counts ? together * min(strength, 5).squareRoot() : 0)
            taste.following.append(counts ? following : 0)
            together *= serving.togetherDecay
            following *= serving.followingDecay
        }
        guard !taste.seeds.isEmpty, self.together != nil else { return }
        var sums = [Float](repeating: 0, count: modelled)
        spread(taste, into: &sums)
        let top = sums.max() ?? 0
        guard top > 0 else { return }
        let scale = weights.neighbours / top
        for place in taste.seeds.indices {
            taste.together[place] *= scale
            taste.following[place] *= scale
        }
        let near = topK(sums, k: weights.candidatesMax).filter { $0.score > 0 }
        let sorted = near.sorted { $0.index < $1.index }
        taste.nearItems = sorted.map { Int32($0.index) }
        taste.nearParts = sorted.map { $0.score * scale }
    }

    /// Adds the neighbours of all seeds to a row of all modelled items.
    func spread(_ taste: Taste, into sums: inout [Float]) {
        guard let together, let following else { return }
        let seeds =
            taste.seeds.allSatisfy { Int($0) < modelled }
            ? taste.seeds : taste.seeds.map { Int($0) < modelled ? $0 : 0 }
        together.spread(seeds, weights: taste.together, into: &sums)
        following.spread(seeds, weights: taste.following, into: &sums)
    }

    /// The user's factors given the items' (one half-step of the training), scaled so that the
    /// best item gets the mix's share.
    private func foldIn(_ taste: Taste) -> [Float] {
        guard let normal else { return [] }
        let inside = taste.seeds.indices.filter { Int(taste.seeds[$0]) < modelled }
        guard !inside.isEmpty else { return [] }
        let solved = solve(inside.map { (taste.seeds[$0], taste.strengths[$0]) }, normal)
        guard solved.contains(where: { $0 != 0 }) else { return [] }
        let top = factors.times(solved + [0]).max() ?? 0
        guard top > 0, top.isFinite else { return [] }
        let scale = weights.factors / top
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
