import Events
import Identity
import Messages
import Testing

@Suite("Identity: links join identifiers into persons, and come undone")
struct IdentityGraphTests {
    private func link(
        _ known: String, _ other: String, undo: Bool = false, at timeMs: Int64 = 0
    ) -> Link {
        var link = Link()
        link.timeMs = timeMs
        link.userID = known
        link.otherID = other
        link.undo = undo
        link.source = "test"
        return link
    }

    @Test("a person goes by the known side of the oldest link, whoever asks")
    func name() {
        var graph = IdentityGraph()
        graph.apply(link("app", "cookie", at: 30))
        graph.apply(link("account", "cookie", at: 10))
        graph.apply(link("other", "account", at: 20))
        for id in ["account", "cookie", "other", "app"] {
            #expect(graph.identifiers(of: id) == ["account", "cookie", "other", "app"])
        }
        #expect(graph.identifiers(of: "stranger") == ["stranger"])
        #expect(graph.identities(of: "app").map(\.links) == [2, 2, 1, 1])
        #expect(graph.identities(of: "stranger").isEmpty)
    }

    @Test("a cycle is more evidence: one of its links may go and the person stays whole")
    func cycle() {
        var graph = IdentityGraph()
        for (one, other) in [("a", "b"), ("b", "c"), ("c", "a")] {
            let isNew = graph.apply(link(one, other))
            #expect(isNew)
        }
        #expect(graph.linkCount == 3)
        graph.apply(link("a", "b", undo: true))
        #expect(Set(graph.identifiers(of: "a")) == ["a", "b", "c"])
        graph.apply(link("c", "a", undo: true))
        #expect(graph.identifiers(of: "a") == ["a"])
        #expect(Set(graph.identifiers(of: "b")) == ["b", "c"])
    }

    @Test("undoing without the other side frees an identifier from everybody")
    func free() {
        var graph = IdentityGraph()
        for other in ["x", "y", "z"] { graph.apply(link("shared", other)) }
        let first = graph.apply(link("shared", "", undo: true))
        let second = graph.apply(link("shared", "", undo: true))
        #expect(first && !second)
        #expect(graph.identifierCount == 0 && graph.linkCount == 0)
    }

    @Test("what is not to become one person is refused with a code")
    func refusals() {
        let rules = LinkRules(identifiersMax: 4, blocked: ["Kiosk-1"])
        var graph = IdentityGraph()
        func code(_ link: Link) -> ErrorCode? { rules.refusal(of: link, in: graph)?.code }
        #expect(code(link("a", "")) == .userMissing)
        #expect(code(link("a", "a")) == .linkToItself)
        #expect(code(link("a", "NULL")) == .identifierBlocked)
        #expect(code(link("kiosk-1", "a")) == .identifierBlocked)
        #expect(code(link("a", String(repeating: "x", count: 257))) == .textTooLong)
        for (one, other) in [("a", "b"), ("c", "d")] { graph.apply(link(one, other)) }
        #expect(code(link("a", "c")) == nil, "four are allowed")
        graph.apply(link("a", "c"))
        #expect(code(link("a", "e")) == .personTooLarge)
        #expect(code(link("b", "d")) == nil, "a cycle makes nobody larger")
        #expect(code(link("a", "null", undo: true)) == nil)
        #expect(code(link("a", "", undo: true)) == nil)
    }

    @Test("10,000 strangers do not become one person through a shared device")
    func hub() {
        let rules = LinkRules()
        var graph = IdentityGraph()
        var refused = 0
        for number in 0..<10_000 {
            let wish = link("user-\(number)", "tablet in the shop")
            if let refusal = rules.refusal(of: wish, in: graph) {
                #expect(refusal.code == .personTooLarge)
                refused += 1
            } else {
                graph.apply(wish)
            }
        }
        #expect(graph.identifiers(of: "tablet in the shop").count == 50 && refused == 9951)
        graph.apply(link("tablet in the shop", "", undo: true))
        #expect(graph.identifierCount == 0)
    }

    @Test("random lives agree with a naive graph", arguments: 1...20 as ClosedRange<UInt64>)
    func naive(seed: UInt64) {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var graph = IdentityGraph()
        var pairs: [(String, String)] = []
        for time in 0..<400 as Range<Int64> {
            let (one, other) = ("u\(random(12))", "u\(random(12))")
            let undo = random(3) == 0
            let known = pairs.firstIndex {
                ($0.0 == one && $0.1 == other) || ($0.0 == other && $0.1 == one)
            }
            graph.apply(link(one, other, undo: undo, at: time))
            if undo, let known { pairs.remove(at: known) }
            if !undo, known == nil, one != other { pairs.append((one, other)) }
            // Naive: spread labels until nothing changes.
            var label = Dictionary(uniqueKeysWithValues: (0..<12).map { ("u\($0)", $0) })
            var isMoving = true
            while isMoving {
                isMoving = false
                for (a, b) in pairs where label[a] != label[b] {
                    let low = min(label[a] ?? 0, label[b] ?? 0)
                    (label[a], label[b]) = (low, low)
                    isMoving = true
                }
            }
            for id in label.keys {
                let expected = Set(label.filter { $0.value == label[id] }.keys)
                let ids = graph.identifiers(of: id)
                #expect(Set(ids) == expected && ids.count == expected.count, "seed \(seed)")
                let oldest = pairs.first { expected.contains($0.0) }?.0 ?? id
                #expect(ids[0] == oldest, "seed \(seed)")
            }
            #expect(graph.linkCount == pairs.count, "seed \(seed)")
        }
        // In any order the links that hold make the same persons, as retention writes them.
        var again = IdentityGraph()
        for (one, other) in pairs.reversed() {
            let edge = graph.links(of: one).first { $0.other == other }?.edge
            again.apply(link(one, other, at: edge?.timeMs ?? -1))
        }
        for number in 0..<12 {
            #expect(again.identifiers(of: "u\(number)") == graph.identifiers(of: "u\(number)"))
        }
    }
}
