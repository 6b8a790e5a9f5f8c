import Expressions
import Features
import Learning
import Messages
import Numerics
import Profiles
import Testing

@testable import Risk
@testable import RiskRules

@Suite("Rules of risk")
struct RuleTests {
    static let nowMs: Int64 = 1_700_000_000_000

    static func user(orders: UInt32) -> UserView {
        var state = UserState(userID: "u")
        state.lifeCounts[Int(EventType.order.rawValue)] = orders
        state.lastSeenMs = nowMs
        return UserView(state, nowMs: nowMs)
    }

    static func assess(
        _ rules: [RiskRule], orders: UInt32 = 4, tags: [TagDefinition] = [],
        _ thresholds: RiskThresholds = RiskThresholds()
    ) throws -> RiskAssessment {
        let scorer = try RiskScorer(
            rules: rules, thresholds: thresholds, tags: try TagReader(tags))
        return scorer.assess(user(orders: orders), asOfMs: nowMs)
    }

    @Test("each rule takes its share of the doubt that others leave")
    func combination() throws {
        let result = try Self.assess([
            RiskRule("half", when: "stats.orders_life > 3", score: 0.5, reason: "many"),
            RiskRule("not", when: "stats.orders_life > 9", score: 0.9, reason: "more"),
            RiskRule("unknown", when: "stats.refund_rate > 0.5", score: 0.9, reason: "refunds"),
            RiskRule("fifth", when: "true", score: 0.2, reason: "{stats.orders_life / 3} each"),
        ])
        #expect(abs(result.score - 0.6) < 1e-12)
        #expect(result.rules == result.score && result.anomaly == nil && result.labelled == nil)
        #expect(result.level == .medium && result.action == .review)
        #expect(result.reasons.map(\.name) == ["half", "fifth"])
        #expect(result.reasons.map(\.text) == ["many", "1.33 each"])
        #expect(result.model.isEmpty)
    }

    @Test("nobody is judged by nothing")
    func nothing() throws {
        let result = try Self.assess(RiskRule.builtIn, orders: 0)
        #expect(result.score == 0 && result.level == .low && result.action == .allow)
        #expect(result.reasons.isEmpty)
    }

    @Test("a rule may demand an action whatever the score; rules may ask for tags")
    func demands() throws {
        let rule = RiskRule(
            "listed", when: "'listed' in tags", score: 0, reason: "on the list", action: .block)
        let tags = [TagDefinition("listed", condition: "user.id == 'u'")]
        let result = try Self.assess([rule], tags: tags)
        #expect(result.score == 0 && result.level == .low && result.action == .block)
        #expect(result.reasons.map(\.text) == ["on the list"])
    }

    @Test("tags may ask for risk; rules that ask for such a tag see it unknown, not in a circle")
    func asked() throws {
        let tags = try TagReader([
            TagDefinition("risky", condition: "risk.score > 0.4 && risk.action == 'review'")
        ])
        let rules = [
            RiskRule("half", when: "true", score: 0.5, reason: "x"),
            RiskRule("circle", when: "'risky' in tags", score: 0.9, reason: "x"),
        ]
        let scorer = try RiskScorer(rules: rules, tags: tags)
        let state = UserState(userID: "u")
        let view = UserView(state, nowMs: Self.nowMs) { scorer.brief($0, asOfMs: Self.nowMs) }
        #expect(scorer.assess(view, asOfMs: Self.nowMs).reasons.map(\.name) == ["half"])
        let plain = UserView(state, nowMs: Self.nowMs)
        #expect(tags.truths(of: plain).allSatisfy { $0.isNaN })
        let held = tags.held(by: view) { _ in view }
        #expect(held.map(\.name) == ["risky"])
        #expect(held[0].kind == "model" && held[0].confidence == 0.5)
    }

    @Test("thresholds decide from where on")
    func thresholds() throws {
        let rule = RiskRule("r", when: "true", score: 0.5, reason: "")
        var thresholds = RiskThresholds()
        #expect(try Self.assess([rule], thresholds).action == .review)
        thresholds.block = 0.5
        #expect(try Self.assess([rule], thresholds).action == .block)
        thresholds.block = 0.9
        thresholds.review = 0.51
        #expect(try Self.assess([rule], thresholds).action == .allow)
    }

    @Test("rules of one's own replace those of the same name; a score of 0 removes one")
    func merging() {
        let own = [
            RiskRule("refunds", when: "false", score: 0.9, reason: "x"),
            RiskRule("coupons", when: "false", score: 0, reason: "x"),
            RiskRule("mine", when: "true", score: 0.1, reason: "x"),
        ]
        let merged = RiskRule.merged(own, builtIn: true)
        #expect(merged.count == RiskRule.builtIn.count)
        #expect(merged.last?.name == "mine")
        #expect(merged.first { $0.name == "refunds" }?.score == 0.9)
        #expect(!merged.contains { $0.name == "coupons" })
        #expect(RiskRule.merged(own, builtIn: false).map(\.name) == ["refunds", "mine"])
    }

    @Test("every mistake is told at once, with its place")
    func mistakes() throws {
        let rules = [
            RiskRule("a", when: "stats.order_life > 3", score: 0.5, reason: "many"),
            RiskRule("b", when: "stats.orders_life", score: 0.5, reason: "many"),
            RiskRule("c", when: "true", score: 0.5, reason: "{stats.orders_life of"),
            RiskRule("d", when: "true", score: 0.5, reason: "{stats.orders_lief} of"),
            RiskRule("e", when: "risk.action == 'block'", score: 0.5, reason: "again"),
        ]
        let tags = try TagReader([])
        do throws(RiskFailure) {
            _ = try RiskScorer(rules: rules, tags: tags)
            Issue.record("accepted")
        } catch {
            #expect(
                error.problems.map(\.place) == [
                    "risk.rules.a.when", "risk.rules.b.when", "risk.rules.c.reason",
                    "risk.rules.d.reason", "risk.rules.e.when",
                ])
            #expect(error.problems[0].message.contains("stats.orders_life"))
            #expect(error.problems[1].message.contains("truth value"))
            #expect(error.problems[2].message.contains("has no \"}\""))
            #expect(error.problems[4].message == "a rule cannot ask for risk, which it makes")
        }
    }

    @Test("numbers and shares in words")
    func words() {
        let numbers = [3, 1.754, 0.5, -2.05, 0.001].map(ReasonWords.number)
        #expect(numbers == ["3", "1.75", "0.5", "-2.05", "0"])
        #expect(ReasonWords.number(.nan) == "unknown")
        #expect([0.9984, 1, 0.5].map(ReasonWords.percent) == ["99.8 %", "100 %", "50 %"])
        let spread = Distribution(of: (0..<1000).map { Float($0) / 10 })
        #expect(ReasonWords.beside(95, spread) == "95 % of users have less")
        #expect(ReasonWords.beside(2, spread) == "97.9 % of users have more")
        #expect(ReasonWords.beside(1000, spread) == "more than 99.9 % of users have less")
        #expect(ReasonWords.beside(.nan, spread).isEmpty)
        #expect(ReasonWords.beside(1, Distribution(of: [.nan])).isEmpty)
    }

    @Test("inputs that nobody has, or all alike, are named and harm nothing")
    func emptyInputs() throws {
        var table = Matrix(rows: 400, columns: RiskInputs.all.count, repeating: .nan)
        for row in 0..<400 {
            table[row, 0] = Float(row)
            table[row, 1] = 1
        }
        let model = try RiskModel.train(table, asOfMs: 1)
        #expect(model.forest.unused.count == RiskInputs.all.count - 1)
        #expect(model.forest.unused.first?.feature == "devices")
        #expect(model.forest.unused.first?.why == .constant)
        let scorer = try RiskScorer(tags: try TagReader([]), model: model)
        let result = scorer.assess(Self.user(orders: 4), asOfMs: Self.nowMs)
        #expect(result.score.isFinite && result.anomaly != nil)
    }
}
