package import Expressions
import Numerics
import Randomness
package import Roaring

/// Why an index cannot answer.
package enum AudienceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The index does not keep this of its users.
    case notKept(String)
    /// The expression is no condition.
    case noCondition

    package var description: String {
        switch self {
        case .notKept(let name):
            "not_kept: the index does not keep \(name); declare a tag that asks for it"
        case .noCondition: "no_condition: the expression is neither true nor false"
        }
    }
}

extension AudienceIndex {
    /// Where the values of an expression's slots are found.
    private enum Source {
        case column(Int)
        case constant(Double)
        case bits([UInt64])
        /// How many of the sets each user is in.
        case sum([[UInt64]])
    }

    private func source(_ slot: Slot, _ nowMs: Int64) throws(AudienceError) -> Source {
        switch slot {
        case .value("now"): return .constant(Double(nowMs))
        case .member(TagSet.symbol, let word):
            guard let place = place(ofTag: word) else { throw .notKept("the tag \(word)") }
            return .bits(bits(members[place]))
        case .size(TagSet.symbol): return .sum(members.map { bits($0) })
        default:
            guard let place = place(of: slot) else { throw .notKept(slot.words) }
            return .column(place)
        }
    }

    /// One bit per ordinal.
    private func bits(_ bitmap: Bitmap) -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: live.count)
        for value in bitmap.values { bits[Int(value) / 64] |= 1 << UInt64(value % 64) }
        return bits
    }

    /// The users for whom the condition is true, as one bit per ordinal.
    private func matches(
        _ expression: Expression, nowMs: Int64
    ) throws(AudienceError) -> [UInt64] {
        guard expression.type == .flag else { throw .noCondition }
        var sources: [Source] = []
        for slot in expression.slots { sources.append(try source(slot, nowMs)) }
        var own: [TextColumn] = []
        for slot in expression.textSlots {
            guard let place = place(of: slot) else { throw .notKept(slot.words) }
            own.append(texts[place])
        }
        var program = ColumnProgram(expression.program) { own[$0].words }
        for (slot, source) in sources.enumerated() {
            if case .constant(let value) = source { program.load(slot, repeating: value) }
        }
        var found = [UInt64](repeating: 0, count: live.count)
        let words = Column.chunk / 64
        for chunk in 0..<live.count / words {
            for (slot, source) in sources.enumerated() {
                switch source {
                case .column(let place): program.load(slot, from: columns[place], chunk: chunk)
                case .bits(let bits):
                    program.load(slot, repeating: 0)
                    program.add(slot, bits: bits, chunk: chunk)
                case .sum(let sets):
                    program.load(slot, repeating: 0)
                    for bits in sets { program.add(slot, bits: bits, chunk: chunk) }
                case .constant: break
                }
            }
            program.run(chunk: chunk, texts: own)
            program.truth(into: &found, at: chunk * words)
        }
        for at in found.indices { found[at] &= live[at] }
        return found
    }

    /// How many users meet the condition.
    package func count(_ expression: Expression, nowMs: Int64) throws(AudienceError) -> Int {
        try matches(expression, nowMs: nowMs).reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// The ordinals of the users who meet the condition.
    package func members(
        of expression: Expression, nowMs: Int64
    ) throws(AudienceError) -> Bitmap {
        var ordinals: [UInt32] = []
        for (at, word) in try matches(expression, nowMs: nowMs).enumerated() {
            var rest = word
            while rest != 0 {
                ordinals.append(UInt32(at * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return Bitmap(ordinals)
    }

    /// The users of ordinals, in their order.
    package func userIDs(of bitmap: Bitmap) -> [String] {
        bitmap.values.compactMap { userIDs[Int($0)] }
    }

    /// A page of the users of a tag, in the order of their ordinals, how many it has in all, and
    /// what to give as `after` for the next one, 0 for none; nil for a tag that is not here.
    package func page(
        ofTag name: String, after: UInt64, limit: Int
    ) -> (userIDs: [String], users: Int, next: UInt64)? {
        guard let place = place(ofTag: name) else { return nil }
        let members = self.members[place]
        let before = UInt32(exactly: after).map { members.count(below: $0) } ?? members.count
        let page = (before..<min(before + limit, members.count)).compactMap {
            members.value(atRank: $0)
        }
        let isLast = before + page.count >= members.count
        return (
            page.compactMap { userIDs[Int($0)] }, members.count,
            isLast ? 0 : page.last.map { UInt64($0) + 1 } ?? 0
        )
    }

    /// A sample without repetition, the same for the same seed and members (Floyd's method).
    package func sample(_ bitmap: Bitmap, count: Int, seed: UInt64) -> [String] {
        let all = bitmap.count
        var random = SeededRandom(seed: seed)
        var chosen: Set<Int> = []
        for last in max(0, all - count)..<all {
            let rank = Int.random(in: 0...last, using: &random)
            if !chosen.insert(rank).inserted { chosen.insert(last) }
        }
        return chosen.sorted().compactMap { rank in
            bitmap.value(atRank: rank).flatMap { userIDs[Int($0)] }
        }
    }

    /// How many users each pair of audiences shares; the diagonal has the audiences themselves.
    package static func overlaps(_ audiences: [Bitmap]) -> [[Int]] {
        audiences.map { row in audiences.map { row.intersectionCount($0) } }
    }
}

extension Slot {
    /// As expressions write it.
    package var words: String {
        switch self {
        case .value(let name): name
        case .entry(let name, let key): "\(name)[\"\(key)\"]"
        case .member(let name, let word): "\"\(word)\" in \(name)"
        case .size(let name): "size(\(name))"
        }
    }
}

extension TextSlot {
    /// As expressions write it.
    package var words: String {
        switch self {
        case .value(let name): name
        case .entry(let name, let key): "\(name)[\"\(key)\"]"
        }
    }
}
