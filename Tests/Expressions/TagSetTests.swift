import Expressions
import Testing

@Suite("Tags of a configuration")
struct TagSetTests {
    private func problems(_ definitions: TagDefinition...) -> [String] {
        do {
            _ = try TagSet(definitions, in: World.symbols)
            return []
        } catch {
            return error.problems.map { "\($0.tag): \($0.message)" }
        }
    }

    @Test("a tag may ask for tags declared later, and comes after them")
    func order() throws {
        let set = try TagSet(
            [
                TagDefinition("best", condition: "'vip' in tags && 'new' in tags"),
                TagDefinition("vip", condition: "stats.spend_30d > 500"),
                TagDefinition("new", condition: "!('vip' in tags)"),
            ], in: World.symbols)
        #expect(set.tags.map(\.definition.name) == ["best", "vip", "new"])
        #expect(set.order == [1, 2, 0])
    }

    @Test("a circle is named")
    func circle() {
        #expect(
            problems(
                TagDefinition("a", condition: "'b' in tags"),
                TagDefinition("b", condition: "'c' in tags || true"),
                TagDefinition("c", condition: "!('b' in tags)"))
                == ["b: asks for itself: b → c → b"])
        #expect(
            problems(TagDefinition("a", condition: "'a' in tags"))
                == ["a: asks for itself: a → a"])
    }

    @Test("every wrong tag is named, with its place")
    func wrong() {
        let found = problems(
            TagDefinition("vip", condition: "stats.spend30d > 500"),
            TagDefinition("", condition: "true"), TagDefinition("rich", condition: "1 + 1"),
            TagDefinition("rich", condition: "true"), TagDefinition("a\u{7}", condition: "true"),
            TagDefinition("many", condition: "size(tags) > 3"),
            TagDefinition("odd", condition: "'vpi' in tags"))
        #expect(found.count == 7)
        #expect(found[0].contains("did you mean stats.spend_30d?"))
        #expect(found.last?.contains("did you mean vip?") == true)
    }

    @Test("a long chain of tags is put in order")
    func chain() throws {
        var definitions = [TagDefinition("t0", condition: "true")]
        for place in 1..<TagSet.countMax {
            definitions.append(
                TagDefinition("t\(place)", condition: "'t\(place - 1)' in tags"))
        }
        let set = try TagSet(definitions.reversed(), in: World.symbols)
        #expect(set.order == Array((0..<TagSet.countMax).reversed()))
        definitions.append(TagDefinition("more", condition: "true"))
        #expect(throws: TagFailure.self) { try TagSet(definitions, in: World.symbols) }
    }
}
