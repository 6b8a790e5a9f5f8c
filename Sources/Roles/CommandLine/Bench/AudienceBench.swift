import Audiences
import Expressions
import Numerics
import Profiles
import Randomness
import Roaring
import System

/// How fast an index of many users counts, compares and follows, and what it takes of memory.
///
/// The users are made by chance, not by folding events: what is measured is the index. Every figure
/// is the median of its rounds.
struct AudienceBench {
    var users = 1_000_000
    var rounds = 21

    /// Five terms over four columns, a tag and the time of asking.
    static let question = """
        stats.spend_30d > 500 && affinity.category["baby"] > 0.3 && "active" in tags \
        && stats.views_7d >= 3 && now - last_seen < 7d
        """
    static let tags = [
        TagDefinition("vip", condition: "stats.spend_90d > 1000"),
        TagDefinition("active", condition: "now - last_seen < 14d && stats.views_7d > 0"),
        TagDefinition("north", condition: "user.region == \"north\""),
        TagDefinition("best", condition: "\"vip\" in tags && \"north\" in tags"),
    ]

    struct Report {
        var users: Int
        var loadSeconds: Double
        var found: Int
        /// Equal to asking one user after the other.
        var isRight: Bool
        var countMs: Double
        var membersMs: Double
        var overlapMs: Double
        var algebraMs: Double
        var sampleMs: Double
        var updateUs: Double
        var changes: Int
        var columns: Int
        var bytesPerUser: Double
        /// What the process grew by while the index was filled.
        var residentBytesPerUser: Double
    }

    private static let regions = ["north", "south", "east", "west", "coast", "capital"]

    /// Values of one user in the order of the index's slots.
    private struct Maker {
        let slots: [Slot]
        let textSlots: [TextSlot]
        let nowMs: Int64
        var random: SeededRandom

        mutating func chance(_ share: Double) -> Bool {
            Double.random(in: 0..<1, using: &random) < share
        }

        mutating func numbers() -> [Double] {
            let hasTaste = chance(0.8)
            let likesBaby = hasTaste && chance(0.15)
            let isBuyer = chance(0.3)
            return slots.map { slot in
                switch slot {
                case .value("last_seen"):
                    Double(nowMs)
                        - Double.random(in: 0..<90 * 86_400_000, using: &random)
                        .rounded()
                case .value("stats.views_7d"):
                    chance(0.5) ? 0 : Double(Int.random(in: 1..<60, using: &random))
                case .value:
                    isBuyer ? Double(Int.random(in: 0..<200_000, using: &random)) / 100 : 0
                case .entry: likesBaby ? Double.random(in: 0..<1, using: &random) : .nan
                case .size: hasTaste ? Double(Int.random(in: 1...16, using: &random)) : 0
                case .member: .nan
                }
            }
        }

        mutating func texts() -> [String?] {
            textSlots.map { _ in
                chance(0.9)
                    ? regions[Int.random(in: 0..<regions.count, using: &random)] : nil
            }
        }
    }

    func run(
        nowMs: Int64, residentBytes: () -> Int, progress: (_ stage: String) -> Void
    ) throws -> Report {
        let reader = try TagReader(Self.tags)
        let expression = try Expression(condition: Self.question, in: reader.set.symbols)
        var index = AudienceIndex(
            slots: expression.slots, textSlots: expression.textSlots, tags: reader.set)
        var maker = Maker(
            slots: index.slots, textSlots: index.textSlots, nowMs: nowMs,
            random: SeededRandom(seed: 7))

        progress("filling an index of \(users) users")
        let before = residentBytes()
        var naive = 0
        var loadNs: UInt64 = 0
        let single = SingleUser(expression, index)
        for user in 0..<users {
            let (numbers, texts) = (maker.numbers(), maker.texts())
            let started = Clock.monotonicNs()
            _ = index.update("user-\(user)", numbers: numbers, texts: texts, nowMs: nowMs)
            loadNs += UInt64(Clock.monotonicNs() - started)
            if single.isMeant(numbers, texts, nowMs) { naive += 1 }
        }
        let after = residentBytes()

        progress("asking")
        var found = 0
        let countMs = try median { found = try index.count(expression, nowMs: nowMs) }
        var members = Bitmap()
        let membersMs = try median { members = try index.members(of: expression, nowMs: nowMs) }
        let (vip, active) = (index.members[0], index.members[1])
        var shared = 0
        let overlapMs = median { shared = vip.intersectionCount(active) }
        var sum = 0
        let algebraMs = median {
            sum +=
                vip.intersection(active).count + vip.union(active).count
                + vip.subtracting(active).count
        }
        let sampleMs = median { sum += index.sample(vip, count: 1000, seed: 1).count }

        progress("changing users")
        var changes = 0
        let updates = min(users, 200_000)
        var updateNs: UInt64 = 0
        for _ in 0..<updates {
            let user = Int.random(in: 0..<users, using: &maker.random)
            let (numbers, texts) = (maker.numbers(), maker.texts())
            let started = Clock.monotonicNs()
            changes +=
                index.update(
                    "user-\(user)", numbers: numbers, texts: texts, nowMs: nowMs
                ).count
            updateNs += UInt64(Clock.monotonicNs() - started)
        }
        return Report(
            users: users, loadSeconds: Double(loadNs) / 1e9, found: found,
            isRight: found == naive && members.count == found && shared <= vip.count && sum > 0,
            countMs: countMs, membersMs: membersMs, overlapMs: overlapMs, algebraMs: algebraMs,
            sampleMs: sampleMs, updateUs: Double(updateNs) / 1e3 / Double(max(1, updates)),
            changes: changes, columns: index.slots.count + index.textSlots.count,
            bytesPerUser: Double(index.byteCount) / Double(users),
            residentBytesPerUser: Double(after - before) / Double(users))
    }

    private func median(_ body: () throws -> Void) rethrows -> Double {
        var taken: [Double] = []
        for _ in 0..<rounds {
            let started = Clock.monotonicNs()
            try body()
            taken.append(Double(Clock.monotonicNs() - started) / 1e6)
        }
        return taken.sorted()[rounds / 2]
    }
}

/// One user at a time, as the cross-check of the columns; tags are evaluated from the values.
private struct SingleUser {
    private let expression: Expression
    private let index: AudienceIndex

    init(_ expression: Expression, _ index: AudienceIndex) {
        self.expression = expression
        self.index = index
    }

    func isMeant(_ numbers: [Double], _ texts: [String?], _ nowMs: Int64) -> Bool {
        value(expression, numbers, texts, nowMs) == 1
    }

    private func value(
        _ expression: Expression, _ numbers: [Double], _ texts: [String?], _ nowMs: Int64
    ) -> Double {
        var registers = expression.program.registers()
        for (register, slot) in expression.slots.enumerated() {
            registers[register] =
                switch slot {
                case .value("now"): Double(nowMs)
                case .member(TagSet.symbol, let name):
                    index.tags.tags.first { $0.definition.name == name }
                        .map { value($0.expression, numbers, texts, nowMs) == 1 ? 1 : 0 } ?? .nan
                default: index.slots.firstIndex(of: slot).map { numbers[$0] } ?? .nan
                }
        }
        return expression.program.evaluate(&registers) { text in
            index.textSlots.firstIndex(of: expression.textSlots[text]).flatMap { texts[$0] }
        }
    }
}
