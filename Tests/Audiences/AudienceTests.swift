import Audiences
import Expressions
import Messages
import Roaring
import Testing

@Suite("Audiences: columns and bitmaps say what one user at a time would")
struct AudienceTests {
    static let conditions = [
        "stats.spend_30d > 50", "stats.spend_30d == 50.1 || stats.views_7d >= 3",
        "affinity.category['baby'] > 0.3 && 'vip' in tags && now - last_seen < 7d",
        "affinity.category['baby'] == 0", "!has(stats.spend_30d)", "'baby' in affinity.category",
        "user.region == 'north' && user.gender != 'f'", "user.region == user.gender",
        "user.region in ['south', 'west'] ? stats.views_7d > 0 : 'best' in tags",
        "lower(default(user.region, 'NORTH')) == 'north'", "true", "false",
        "stats.views_7d in [1, 3] && floor(stats.spend_30d / 7) % 2 == 1",
        "min(stats.spend_30d, 10) < max(stats.views_7d, 3) + abs(-1)", "'lost' in tags",
        "size(tags) == 2", "has(tags) && !('vip' in tags)",
        "-stats.views_7d < -1 || stats.views_7d / stats.views_7d == 1",
        "round(stats.spend_30d) <= ceil(stats.spend_30d) && size(user.region) == 5",
    ]

    @Test("pages of a tag are all of its users, each once, while others come and go")
    func pages() throws {
        var world = try World(seed: 5)
        for number in 0..<900 { _ = world.put("u\(number)") }
        for tag in world.index.tags.tags.map(\.definition.name) {
            let place = try #require(
                world.index.tags.tags.firstIndex { $0.definition.name == tag })
            let before = Set(world.index.userIDs(of: world.index.members[place]))
            var found: [String] = []
            var after: UInt64 = 0
            repeat {
                let page = try #require(world.index.page(ofTag: tag, after: after, limit: 7))
                #expect(page.userIDs.count <= 7)
                found += page.userIDs
                after = page.next
                _ = world.put("\(tag) \(found.count)")
            } while after != 0
            #expect(Set(found).count == found.count)
            #expect(before.subtracting(found).isEmpty, "\(tag)")
        }
        #expect(world.index.page(ofTag: "nobody's", after: 0, limit: 7) == nil)
        #expect(world.index.page(ofTag: "vip", after: .max, limit: 7)?.userIDs.isEmpty == true)
    }

    /// Users come, change and go; after each wave every question is asked both ways.
    @Test("equal to one user at a time", arguments: 0..<2 as Range<UInt64>)
    func property(seed: UInt64) throws {
        var world = try World(seed: seed)
        let expressions = try Self.conditions.map {
            try Expression(condition: $0, in: world.index.tags.symbols)
        }
        var has: [String: Set<String>] = [:]
        for wave in 0..<3 {
            for _ in 0..<1100 {
                let user = "u\(Int.random(in: 0..<2300, using: &world.random))"
                let changes: [MembershipChange]
                if Int.random(in: 0..<5, using: &world.random) == 0 {
                    changes = world.index.remove(user)
                    world.users[user] = nil
                } else {
                    changes = world.put(user)
                }
                for change in changes {
                    #expect(change.userID == user)
                    let isNew = !has[change.tag, default: []].contains(user)
                    #expect(isNew == change.hasJoined)
                    if isNew {
                        has[change.tag, default: []].insert(user)
                    } else {
                        has[change.tag, default: []].remove(user)
                    }
                }
            }
            #expect(world.index.count == world.users.count)
            for expression in expressions {
                let wanted = try world.naive(expression)
                let found = try world.index.members(of: expression, nowMs: World.nowMs)
                let ids = world.index.userIDs(of: found)
                #expect(Set(ids) == wanted, "seed \(seed), wave \(wave): \(expression.text)")
                #expect(ids.count == found.count)
                let count = try world.index.count(expression, nowMs: World.nowMs)
                #expect(count == wanted.count)
            }
            // The events alone lead to the same members as the bitmaps.
            for (place, tag) in world.index.tags.tags.enumerated() {
                let ids = world.index.userIDs(of: world.index.members[place])
                #expect(Set(ids) == has[tag.definition.name, default: []])
            }
        }
    }

    @Test("the same values change nothing")
    func quiet() throws {
        var world = try World(seed: 9)
        _ = world.put("a")
        let values = try #require(world.users["a"])
        let changes = world.index.update(
            "a", numbers: values.numbers, texts: values.texts, nowMs: World.nowMs)
        #expect(changes == [])
    }

    @Test("time alone moves users, when the sweep tells them again")
    func sweep() throws {
        var world = try World(seed: 3)
        for user in 0..<50 { _ = world.put("u\(user)") }
        _ = world.index.remove("u7")
        world.users["u7"] = nil
        var seen: Set<String> = []
        for _ in 0..<10 { seen.formUnion(world.index.sweep(7)) }
        #expect(seen == Set(world.users.keys))
        let later = World.nowMs + 60 * 86_400_000
        var left = 0
        for (user, values) in world.users {
            let changes = world.index.update(
                user, numbers: values.numbers, texts: values.texts, nowMs: later)
            left += changes.filter { $0.tag == "lost" && $0.hasJoined }.count
        }
        #expect(left > 0)
        let lost = try Expression(condition: "'lost' in tags", in: world.index.tags.symbols)
        let expected = world.users.values.filter { !$0.numbers[0].isNaN }.count
        #expect(try world.index.count(lost, nowMs: later) == expected)
    }

    @Test("a sample is of the audience, without repetition, the same for a seed")
    func sample() throws {
        var world = try World(seed: 5)
        for user in 0..<2000 { _ = world.put("u\(user)") }
        let all = try Expression(condition: "stats.views_7d >= 1", in: world.index.tags.symbols)
        let members = try world.index.members(of: all, nowMs: World.nowMs)
        let sample = world.index.sample(members, count: 100, seed: 4)
        #expect(sample.count == 100 && Set(sample).count == 100)
        #expect(Set(sample).isSubset(of: world.index.userIDs(of: members)))
        #expect(sample == world.index.sample(members, count: 100, seed: 4))
        #expect(sample != world.index.sample(members, count: 100, seed: 5))
        #expect(world.index.sample(members, count: 9999, seed: 1).count == members.count)
        // Each of the halves gives about half.
        let half = Set(world.index.userIDs(of: members).prefix(members.count / 2))
        var hits = 0
        for seed in 0..<50 as Range<UInt64> {
            hits +=
                world.index.sample(members, count: 100, seed: seed)
                .filter { half.contains($0) }.count
        }
        #expect(hits > 2300 && hits < 2700, "\(hits) of 5000")
    }

    @Test("overlaps and set algebra")
    func algebra() {
        let (a, b) = (Bitmap([1, 2, 3]), Bitmap([3, 4]))
        #expect(AudienceIndex.overlaps([a, b]) == [[3, 1], [1, 2]])
    }

    @Test("what the index does not keep is an error, not nobody")
    func notKept() throws {
        let index = AudienceIndex(
            slots: [], textSlots: [], tags: try TagSet([], in: World.symbols))
        for (text, words) in [
            ("stats.spend_30d > 1", "stats.spend_30d"), ("user.region == 'x'", "user.region"),
            ("affinity.category['a'] > 0", "affinity.category[\"a\"]"),
        ] {
            let expression = try Expression(condition: text, in: World.symbols)
            #expect(throws: AudienceError.notKept(words)) {
                try index.count(expression, nowMs: 0)
            }
        }
        let number = try Expression("1 + 1", in: World.symbols)
        #expect(throws: AudienceError.noCondition) { try index.count(number, nowMs: 0) }
    }

    @Test("a snapshot survives being stored, and a spreadsheet is not fooled")
    func snapshot() throws {
        var snapshot = AudienceSnapshot()
        snapshot.name = "spring"
        snapshot.condition = "true"
        snapshot.asOfMs = 5
        snapshot.version = 2
        snapshot.userIDs = ["a", "b"]
        let bytes = snapshot.encoded()
        #expect(try AudienceSnapshot(decoding: bytes.span) == snapshot)
        #expect(
            AudienceCSV.text(["a", "b,c", "d\"e", "=1+1"])
                == "user_id\r\na\r\n\"b,c\"\r\n\"d\"\"e\"\r\n'=1+1\r\n")
    }
}
