import Numerics

extension ModelSet {
    /// Names the item of the history that spoke most for a pick: exactly for item-to-item; for the
    /// factors the one whose vector, times its strength, points most the same way.
    func explain(_ pick: inout Pick, _ taste: Taste) {
        let alike = pick.parts[Source.factors.rawValue]
        let because =
            pick.becauseSource == .neighbours
            ? nearestSeed(pick.item, taste) : alike > 0 ? alikeSeed(pick.item, taste) : nil
        if let because { pick.because = because }
    }

    private func nearestSeed(_ item: Int32, _ taste: Taste) -> Int32? {
        var best: (seed: Int32, part: Float)?
        for (place, seed) in taste.seeds.enumerated() where Int(seed) < modelled {
            let part =
                taste.together[place] * (together?.score(seed, item) ?? 0)
                + taste.following[place] * (following?.score(seed, item) ?? 0)
            if part > (best?.part ?? 0) { best = (seed, part) }
        }
        return best?.seed
    }

    private func alikeSeed(_ item: Int32, _ taste: Taste) -> Int32? {
        var best: (seed: Int32, part: Float)?
        for (place, seed) in taste.seeds.enumerated() where Int(seed) < modelled && seed != item {
            let part = taste.strengths[place] * alikeness(seed, item)
            if part > (best?.part ?? 0) { best = (seed, part) }
        }
        return best?.seed
    }

    /// The dot product of two items' factors.
    func alikeness(_ a: Int32, _ b: Int32) -> Float {
        let (first, second) = (Int(a) * factors.columns, Int(b) * factors.columns)
        var sum: Float = 0
        for place in 0..<width {
            sum += factors.elements[first + place] * factors.elements[second + place]
        }
        return sum
    }
}

extension NeighbourLists {
    /// The score of one pair; 0 when it is not in the list.
    func score(_ from: Int32, _ to: Int32) -> Float {
        for entry in offsets[Int(from)]..<offsets[Int(from) + 1] where items[entry] == to {
            return scores[entry]
        }
        return 0
    }
}
