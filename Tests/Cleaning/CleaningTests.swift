import Events
import Messages
import Numerics
import Randomness
import Testing

@testable import Cleaning

@Suite("Records are cleaned by declared rules, and every decision is counted")
struct CleaningTests {
    private func event(_ change: (inout Event) -> Void) -> Record.Content {
        var event = Event()
        event.userID = "u"
        event.itemID = "i"
        event.type = .view
        event.timeMs = 1_760_000_000_000
        change(&event)
        return .event(event)
    }

    private func rule(
        _ field: String, _ change: (inout CleaningRule) -> Void
    ) -> CleaningRule {
        var rule = CleaningRule("r")
        rule.field = field
        change(&rule)
        return rule
    }

    /// The record as the rules leave it, what they decided, and why it is put aside.
    private func clean(
        _ content: Record.Content, _ rules: [CleaningRule], source: String = "shop"
    ) throws -> (Record.Content, [CleaningDecision], Refusal?) {
        let plan = try CleaningPlan(rules)
        var content = content
        var decisions: [CleaningDecision] = []
        let refusal = plan.clean(&content, plan.concerning(source: source)) {
            decisions.append($1)
        }
        return (content, decisions, refusal)
    }

    @Test("texts are trimmed, narrowed, folded, renamed; words for nothing are nothing")
    func texts() throws {
        let tidy = rule("brand") {
            $0.text = [.halfwidth, .trim, .collapse, .lower]
            $0.missing = ["N/A", "-", "null"]
            $0.values = ["acme inc": "acme"]
        }
        for (before, after, decisions) in [
            ("  Acme\t  Inc ", "acme", [CleaningDecision.changed]), ("acme", "acme", []),
            ("ＡＣＭＥ　Ｉｎｃ", "acme", [.changed]), ("n/a", "", [.emptied]),
            (" NULL ", "", [.emptied]), ("", "", []), (" \t", "", [.emptied]),
            ("百货　商店", "百货 商店", [.changed]),
        ] {
            let (content, found, refusal) = try clean(event { $0.brand = before }, [tidy])
            #expect(content == event { $0.brand = after }, "\(before)")
            #expect(found == decisions && refusal == nil, "\(before)")
        }
    }

    @Test("numbers change unit, and stay within bounds as the rule says")
    func numbers() throws {
        func price(_ value: Double, _ otherwise: CleaningRule.Otherwise) throws
            -> (Double, [CleaningDecision], Refusal?)
        {
            let (content, decisions, refusal) = try clean(
                event { $0.price = value },
                [
                    rule("price") {
                        $0.factor = 0.01
                        $0.min = 1
                        $0.max = 100
                        $0.otherwise = otherwise
                    }
                ])
            guard case .event(let event) = content else { return (0, [], nil) }
            return (event.price, decisions, refusal)
        }
        #expect(try price(500, .clip) == (5, [.changed], nil))
        #expect(try price(50_000, .clip) == (100, [.changed, .clipped], nil))
        #expect(try price(-5, .clip) == (1, [.changed, .clipped], nil))
        #expect(try price(50_000, .empty) == (0, [.changed, .emptied], nil))
        #expect(try price(0, .reject) == (0, [], nil))
        let refusal = try #require(try price(50_000, .reject).2)
        #expect(refusal.code == .recordUnclean)
        #expect(refusal.message == "rule \"r\": price 500.0 is not within 1.0 to 100.0")
        #expect(try price(.nan, .reject).2 != nil && price(.infinity, .reject).2 != nil)
        #expect(try price(.nan, .clip) == (0, [.changed, .emptied], nil))
        #expect(try price(.infinity, .clip) == (100, [.changed, .clipped], nil))
    }

    @Test("what is missing is filled, by group if wanted, or demanded")
    func filling() throws {
        let fill = rule("price") {
            $0.fill = "35"
            $0.by = "category"
            $0.fills = ["phones": "420.5"]
        }
        func price(_ category: String, _ price: Double) throws -> Record.Content {
            try clean(
                event {
                    $0.category = category
                    $0.price = price
                }, [fill]
            ).0
        }
        #expect(RecordField("price", of: .event)?.number(try price("phones", 0)) == 420.5)
        #expect(RecordField("price", of: .event)?.number(try price("socks", 0)) == 35)
        #expect(RecordField("price", of: .event)?.number(try price("phones", 7)) == 7)
        let needed = rule("region") { $0.required = true }
        #expect(try clean(event { _ in }, [needed]).2?.message == "rule \"r\": region is missing")
        #expect(try clean(event { $0.region = "EU" }, [needed]).2 == nil)
        let allowed = rule("device") { $0.allowed = ["phone", "desktop"] }
        #expect(try clean(event { $0.device = "fridge" }, [allowed]).2 != nil)
        #expect(try clean(event { $0.device = "phone" }, [allowed]).2 == nil)
        var emptied = allowed
        emptied.otherwise = .empty
        #expect(try clean(event { $0.device = "fridge" }, [emptied]).1 == [.emptied])
    }

    @Test("rules are for their source and kind; properties are fields")
    func concerns() throws {
        let till = rule("price") {
            $0.source = "till"
            $0.factor = 0.01
        }
        let priced = event { $0.price = 500 }
        #expect(try clean(priced, [till]).0 == priced)
        #expect(try clean(priced, [till], source: "till").0 == event { $0.price = 5 })
        let items = rule("brand") {
            $0.record = .item
            $0.text = [.lower]
        }
        #expect(try clean(event { $0.brand = "A" }, [items]).0 == event { $0.brand = "A" })
        var item = Item()
        item.itemID = "i"
        item.brand = "A"
        let (cleaned, _, _) = try clean(.item(item), [items])
        item.brand = "a"
        #expect(cleaned == .item(item))
        var property = Property()
        property.key = "colour"
        property.value = " Red"
        let tidy = rule("properties.colour") { $0.text = [.trim, .lower] }
        let (painted, _, _) = try clean(event { $0.properties = [property] }, [tidy])
        property.value = "red"
        #expect(painted == event { $0.properties = [property] })
        var user = User()
        user.userID = "u"
        user.age = 200
        let age = rule("age") {
            $0.max = 120
            $0.otherwise = .empty
        }
        let (aged, _, _) = try clean(.user(user), [age])
        user.age = 0
        #expect(aged == .user(user))
        #expect(try clean(.link(Link()), [tidy]).2 == nil)
    }

    @Test("an event is no repetition of one whose fields were only cut elsewhere, or hash alike")
    func lookalikes() throws {
        var rule = CleaningRule("once")
        rule.once = ["user_id", "item_id"]
        let plan = try CleaningPlan([rule])
        let concerned = plan.concerning(source: "")
        func key(_ userID: String, _ itemID: String) -> UInt64 {
            let seen = event {
                $0.userID = userID
                $0.itemID = itemID
            }
            return plan.sights(of: seen, concerned, HashKey((1, 2)))[0].key
        }
        // Before, both were "a␟b␟c".
        #expect(key("a", "b\u{1F}c") != key("a\u{1F}b", "c"))
        #expect(key("a", "b") == key("a", "b"))
    }

    @Test("what is alike is known again, near in time, once its group is written")
    func repeats() throws {
        var exact = CleaningRule("exact")
        exact.once = ["all"]
        var clicks = CleaningRule("clicks")
        clicks.once = ["user_id", "type", "properties.page"]
        clicks.withinMs = 1000
        let plan = try CleaningPlan([exact, clicks])
        let concerned = plan.concerning(source: "")
        var memory = RepeatMemory(keysMax: 8)
        /// The name of the rule that drops the event.
        func take(_ change: (inout Event) -> Void) -> String? {
            let sights = plan.sights(of: event(change), concerned, .open)
            if let rule = memory.rule(knowing: sights) { return plan.rules[rule].name }
            memory.note(sights)
            return nil
        }
        func page(_ name: String) -> [Property] {
            var property = Property()
            property.key = "page"
            property.value = name
            return [property]
        }
        #expect(take { $0.eventID = "1" } == nil)
        #expect(take { $0.eventID = "2" } == "exact", "ids do not make them differ")
        memory.drop()
        #expect(take { $0.eventID = "1" } == nil, "the group was given up")
        memory.commit()
        #expect(take { $0.price = 3 } == "clicks")
        #expect(take { $0.properties = page("a") } == nil)
        #expect(take { $0.timeMs -= 1000 } == "clicks")
        #expect(take { $0.timeMs += 1001 } == nil)
        #expect(take { $0.type = .click } == nil)
        memory.commit()
        // Only the newest are remembered, and the oldest forgotten.
        for number in 0..<10 {
            #expect(take { $0.userID = "other\(number)" } == nil)
            memory.commit()
        }
        #expect(memory.count <= 8)
        #expect(take { $0.userID = "other9" } == "exact")
        #expect(take { $0.eventID = "1" } == nil)
        #expect(plan.sights(of: .link(Link()), concerned, .open).isEmpty)
    }

    @Test("a mistake in a rule is told with what would be right")
    func mistakes() throws {
        func problem(_ field: String, _ change: (inout CleaningRule) -> Void) -> String {
            do throws(CleaningFailure) {
                _ = try CleaningPlan([rule(field, change)])
                return ""
            } catch { return error.description }
        }
        #expect(problem("prize") { $0.fill = "1" }.contains("no field \"prize\"; there are"))
        #expect(problem("price") { $0.text = [.trim] }.contains("price is a number"))
        #expect(problem("brand") { $0.min = 1 }.contains("brand is a text"))
        #expect(
            problem("brand") {
                $0.otherwise = .clip; $0.allowed = ["a"]
            }.contains("clipped"))
        #expect(
            problem("price") {
                $0.min = 2; $0.max = 1
            }.contains("min 2.0 is above max 1.0"))
        #expect(problem("price") { $0.fill = "cheap" }.contains("cannot be filled"))
        #expect(problem("price") { _ in }.contains("does nothing"))
        #expect(problem("price") { $0.by = "category" }.contains("go together"))
        #expect(
            problem("age") {
                $0.record = .event; $0.max = 1
            }.contains("no field \"age\""))
        #expect(
            problem("") { $0.once = ["user"] }
                .contains("once: no field \"user\"; there are all"))
        #expect(problem("brand") { $0.once = ["all"] }.contains("once stands alone"))
        #expect(
            problem("") {
                $0.once = ["all"]; $0.record = .item
            }.contains("once is for events"))
        #expect(
            problem("brand") {
                $0.fill = "x"; $0.withinMs = 5
            }.contains("within goes with once"))
        let many = Array(repeating: rule("brand") { $0.text = [.trim] }, count: 101)
        #expect(throws: CleaningFailure.self) { try CleaningPlan(many) }
    }

    @Test("cleaning what is clean changes nothing", arguments: 0..<200 as Range<UInt64>)
    func idempotent(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let letters = Array("  aA-Ｂ　n/").map(String.init)
        func word() -> String {
            (0..<random.index(below: 6)).map { _ in letters[random.index(below: letters.count)] }
                .joined()
        }
        // A unit is changed once; all else may be done again.
        let rules = [
            rule("brand") {
                $0.text = [.halfwidth, .collapse, .trim, .lower]
                $0.missing = ["n/a", "-"]
                $0.fill = "none"
            },
            rule("price") {
                $0.min = 1
                $0.max = 9
                $0.otherwise = seed % 2 == 0 ? .clip : .empty
                $0.fill = seed % 3 == 0 ? "4" : ""
            },
        ]
        let dirty = event {
            $0.brand = word()
            $0.price = Double(random.index(below: 20))
        }
        let (once, decisions, refusal) = try clean(dirty, rules)
        let (twice, later, _) = try clean(once, rules)
        #expect(refusal == nil && later.isEmpty, "seed=\(seed)")
        #expect(once == twice && (once != dirty) == !decisions.isEmpty, "seed=\(seed)")
    }
}
