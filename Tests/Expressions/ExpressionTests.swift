import Expressions
import Randomness
import Testing

@Suite("Expressions mean what they say")
struct ExpressionTests {
    static let person: World.Person = {
        var person = World.Person()
        person.numbers = [
            "now": 1_700_000_000_000, "last_seen": 1_700_000_000_000 - 3 * 86_400_000,
            "stats.spend_30d": 700, "user.subscribed": 1, "stats.views_7d": 0,
        ]
        person.texts = ["user.region": "North", "user.gender": "f"]
        person.sets = ["tags": ["vip"], "user.interests": []]
        person.shares = ["affinity.category": ["baby": 0.4]]
        person.properties = ["user.properties": ["tier": "gold"]]
        return person
    }()

    @Test(
        "known answers",
        arguments: [
            ("stats.spend_30d > 500 && affinity.category[\"baby\"] > 0.3 && \"vip\" in tags", true),
            ("now - last_seen < 7d", true), ("last_seen + 2d > now", false),
            ("(now - last_seen) / 1h == 72", true), ("1 + 2 * 3 == 7 && (1 + 2) * 3 == 9", true),
            ("10 - 4 - 3 == 3 && 2 - -1 == 3 && 7 % 4 == 3", true),
            ("true || false && false", true), ("!user.subscribed", false),
            ("lower(user.region) == 'north'", true), ("user.region.startsWith(\"No\")", true),
            ("user.region.contains('ort') && endsWith(user.region, 'th')", true),
            ("user.region in [\"South\", \"North\"]", true), ("stats.spend_30d in [1, 700]", true),
            ("size(tags) == 1 && tags.size() == 1 && size(user.region) == 5", true),
            ("tags.contains('new')", false), ("has(user.interests)", false),
            ("user.properties[\"tier\"] == \"gold\" && 'tier' in user.properties", true),
            ("stats.spend_30d > 500 ? user.subscribed : false", true),
            ("affinity.category['garden'] == 0", true), ("has(affinity.category['garden'])", false),
            ("default(stats.mean_rating, 3) == 3", true), ("has(stats.mean_rating)", false),
            ("false && stats.mean_rating > 3", false), ("stats.mean_rating > 3 || true", true),
            ("max(1, 2) == 2 && min(1d, 2d) == 24h && abs(-3) == 3 && round(2.5) == 3", true),
            ("floor(-0.5) == -1 && ceil(0.2) == 1 && 1e3 == 1000 && .5 == 0.5", true),
        ])
    func answers(_ text: String, _ expected: Bool) throws {
        #expect(try World.evaluate(text, Self.person) == .flag(expected))
    }

    /// The decision of ``Expression``: SQL's, not CEL's errors, and not "unknown is false".
    @Test(
        "what is unknown stays unknown, and so does its opposite",
        arguments: [
            "stats.mean_rating < 3", "!(stats.mean_rating < 3)", "stats.mean_rating == 3",
            "stats.mean_rating != stats.mean_rating", "true && stats.mean_rating > 1",
            "stats.mean_rating > 1 || false", "stats.mean_rating > 1 ? true : true",
            "1 / stats.views_7d > 0", "stats.mean_rating in [1]", "first_seen < now",
            "user.properties['size'] == 'L'", "0 / 0 == 0", "1e300 * 1e300 > 1",
        ])
    func unknown(_ text: String) throws {
        #expect(try World.evaluate(text, Self.person) == .unknown)
        #expect(try !World.evaluate(text, Self.person).isTrue)
    }

    @Test("a user without any affinity has unknown ones")
    func absent() throws {
        var person = Self.person
        person.shares["affinity.category"] = [:]
        let text = "affinity.category[\"baby\"] < 0.1"
        #expect(try World.evaluate(text, person) == .unknown)
        #expect(try World.evaluate(text, Self.person) == .flag(false))
    }

    @Test("other results than truth")
    func results() throws {
        #expect(try World.evaluate("now - last_seen", Self.person) == .duration(ms: 259_200_000))
        #expect(try World.evaluate("lower(user.region)", Self.person) == .text("north"))
        #expect(try World.evaluate("size(tags) * 2", Self.person) == .number(2))
        #expect(try World.evaluate("default(user.gender, 'x')", Self.person) == .text("f"))
    }

    @Test("a compiled expression equals the naive interpreter", arguments: 0..<12 as Range<UInt64>)
    func property(seed: UInt64) throws {
        var generator = Generator(seed: seed)
        var random = SplitMix64(seed: seed &+ 1_000_000)
        var kinds: Set<String> = []
        for round in 0..<60 {
            let types: [ExpressionType] = [.flag, .flag, .number, .text, .time, .duration]
            let tree = generator.tree(types[round % types.count], depth: 1 + round % 5)
            let text = tree.description
            guard text.utf8.count <= ExpressionLimits.lengthMax else { continue }
            let expression: Expression
            do {
                expression = try Expression(text, in: World.symbols)
            } catch {
                Issue.record("seed \(seed): \(error.explained(in: text))")
                continue
            }
            #expect(expression.syntax == tree, "seed \(seed): \(text)")
            for _ in 0..<8 {
                let person = World.Person(&random)
                let found = World.evaluate(expression, person).naive
                let wanted = Naive(person: person).value(tree)
                #expect(found == wanted, "seed \(seed): \(text) of \(person)")
                kinds.insert(wanted.map { "\($0)" } ?? "unknown")
            }
        }
        #expect(kinds.isSuperset(of: ["unknown", "flag(true)", "flag(false)"]))
    }

    @Test("what is printed parses to the same tree", arguments: 0..<10 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = Generator(seed: seed)
        for depth in 0..<6 {
            let tree = generator.tree(.flag, depth: depth)
            guard tree.description.utf8.count <= ExpressionLimits.lengthMax else { continue }
            let again = try Parser.parse(tree.description)
            #expect(again == tree, "seed \(seed): \(tree)")
            #expect(again.description == tree.description)
        }
    }

    @Test("positions are those of the text")
    func positions() throws {
        let text = " a + (b * cc) "
        let syntax = try Parser.parse(text)
        let bytes = Array(text.utf8)
        func part(_ syntax: Syntax) -> String {
            String(decoding: bytes[syntax.range], as: UTF8.self)
        }
        #expect(part(syntax) == "a + (b * cc)")
        guard case .binary(.add, let left, let right) = syntax.node else {
            Issue.record("\(syntax)")
            return
        }
        #expect(part(left) == "a")
        #expect(part(right) == "b * cc")
    }
}
