import Numerics

extension ModelSet {
    /// Floats of one batch of scores; more asks than fit are answered in several products.
    private static let batchFloatsMax = 4 << 20
    /// Picks that are scored again exactly, beyond those asked for, so that rounding in a batch
    /// cannot change the order.
    private static let spare = 8

    /// Answers one ask.
    package func recommend(_ ask: Ask) -> Selection {
        let personal = !ask.taste.vector.isEmpty
        return choose(ask, personal ? factors.times(ask.taste.vector + [1]) : modelledPrior)
    }

    /// Answers many asks with one matrix product; each answer is what it would be alone.
    package func recommend(_ asks: [Ask]) -> [Selection] {
        if asks.count == 1 { return [recommend(asks[0])] }
        let step = max(1, Self.batchFloatsMax / max(1, modelled))
        var answers: [Selection] = []
        answers.reserveCapacity(asks.count)
        for start in stride(from: 0, to: asks.count, by: step) {
            answerBatch(asks[start..<min(asks.count, start + step)], into: &answers)
        }
        return answers
    }

    private func answerBatch(_ asks: ArraySlice<Ask>, into answers: inout [Selection]) {
        var users: [Float] = []
        var rows = 0
        for ask in asks where !ask.taste.vector.isEmpty {
            users.append(contentsOf: ask.taste.vector)
            users.append(1)
            rows += 1
        }
        let scores = Matrix(rows: rows, columns: width + 1, elements: users)
            .timesTransposed(factors)
        var row = 0
        for ask in asks {
            if ask.taste.vector.isEmpty {
                answers.append(choose(ask, modelledPrior))
            } else {
                let range = row * modelled..<(row + 1) * modelled
                answers.append(choose(ask, Array(scores.elements[range])))
                row += 1
            }
        }
    }

    /// The score of every item before any rule.
    func mixed(_ taste: Taste) -> [Float] {
        var total =
            taste.vector.isEmpty ? modelledPrior : factors.times(taste.vector + [1])
        if prior.count > modelled { total.append(contentsOf: prior[modelled...]) }
        Near(self, Ask(taste: taste)).add(to: &total)
        return total
    }

    private var modelledPrior: [Float] {
        prior.count == modelled ? prior : Array(prior[..<modelled])
    }

    /// Adds the sparse sources to a row of scores, applies the rules and takes the best.
    private func choose(_ ask: Ask, _ base: consuming [Float]) -> Selection {
        var total = base
        if prior.count > modelled { total.append(contentsOf: prior[modelled...]) }
        let near = Near(self, ask)
        near.add(to: &total)
        var selection = Selection()
        selection.isFallback = !ask.taste.isPersonal
        var candidates: [Int32]?
        if !ask.category.isEmpty {
            let inside = catalogue.tree.find(ask.category).map { catalogue.items(below: $0) } ?? []
            selection.filtered[Rule.category.rawValue] = catalogue.count - inside.count
            candidates = inside
        }
        bar(ask, candidates, &total, &selection)
        let taken = best(ask.count, total, candidates)
        let picks = taken.map { pick($0, ask.taste, near) }
        selection.picks = Array(picks.sorted(by: Pick.isBefore).prefix(ask.count))
        if ask.explains {
            for place in selection.picks.indices { explain(&selection.picks[place], ask.taste) }
        }
        return selection
    }

    private func best(_ count: Int, _ total: [Float], _ candidates: [Int32]?) -> [Int32] {
        let wanted = count + Self.spare
        let allowed: (Ranked) -> Bool = { $0.score > barred / 2 }
        guard let candidates else {
            return topK(total, k: wanted).filter(allowed).map { Int32($0.index) }
        }
        return topK(candidates.map { total[Int($0)] }, k: wanted).filter(allowed)
            .map { candidates[$0.index] }
    }

    /// The same additions as the batch made, for one item and by source.
    func pick(_ item: Int32, _ taste: Taste, _ near: Near) -> Pick {
        let at = Int(item)
        var pick = Pick(item: item)
        if at < modelled {
            if !taste.vector.isEmpty {
                let start = at * factors.columns
                var sum: Float = 0
                for place in taste.vector.indices {
                    sum += taste.vector[place] * factors.elements[start + place]
                }
                pick.parts[Source.factors.rawValue] = sum
            }
            let both = near.part(item)
            let category = min(both, categoryPart(item, taste))
            pick.parts[Source.neighbours.rawValue] = both - category
            pick.parts[Source.category.rawValue] = category
            pick.parts[Source.popular.rawValue] = popularPart(at)
        }
        pick.parts[Source.new.rawValue] = newPart(at)
        return pick
    }

    /// What is chosen in the categories of the history, as `spread` added it.
    private func categoryPart(_ item: Int32, _ taste: Taste) -> Float {
        let category = catalogue.categories[Int(item)]
        guard let place = taste.categories.firstIndex(of: category) else { return 0 }
        return taste.shares[place] * shareOfCategory[Int(item)]
    }
}

extension Pick {
    /// By falling score; ties go to the lower index.
    static func isBefore(_ a: Pick, _ b: Pick) -> Bool {
        let (first, second) = (a.score, b.score)
        return first > second || (first == second && a.item < b.item)
    }
}
