import Archive
import Messages
import Testing

@Suite("Retention: which items and links are written again")
struct CatalogueEntriesTests {
    private func link(_ one: String, _ other: String, undo: Bool = false) -> Record.Content {
        var link = Link()
        link.userID = one
        link.otherID = other
        link.undo = undo
        return .link(link)
    }

    private func item(_ id: String) -> Record.Content {
        var item = Item()
        item.itemID = id
        return .item(item)
    }

    @Test("the last word on an item or a link counts, whichever side says it")
    func lastWord() {
        var entries = CatalogueEntries()
        entries.take(item("a"), [1])
        entries.take(item("b"), [2])
        entries.take(link("u", "v"), [3])
        entries.take(link("v", "w"), [4])
        entries.take(link("x", "y"), [5])
        entries.take(link("x", "z"), [6])
        entries.take(item("b"), nil)
        entries.take(link("w", "v", undo: true), nil)
        entries.take(link("x", "", undo: true), nil)
        #expect(entries.takeSome(1) == [[1]])
        #expect(entries.takeSome(9) == [[3]])
        #expect(entries.isEmpty)
    }

    @Test("a link undone and made again in the part that goes is written again")
    func again() {
        var entries = CatalogueEntries()
        entries.take(link("u", "v"), [1])
        entries.take(link("u", "v", undo: true), [2])
        #expect(entries.isEmpty)
        entries.take(link("v", "u"), [3])
        #expect(entries.takeSome(5) == [[3]])
    }
}
