import Recommendation
import Testing

@Suite("The catalogue keeps one index per item for ever")
struct CatalogueTests {
    @Test("A later record replaces the earlier one but not when the item was first seen")
    func upsert() {
        var catalogue = Catalogue()
        var entry = CatalogueEntry(id: "a")
        entry.category = "x/y"
        entry.timeMs = 50
        #expect(catalogue.upsert(entry) == 0)
        entry.category = "x/z"
        entry.price = 3
        entry.timeMs = 90
        #expect(catalogue.upsert(entry) == 0)
        #expect(catalogue.prices == [3])
        #expect(catalogue.firstSeenMs == [50])
        let x = catalogue.tree.find("x")
        #expect(x.map { catalogue.items(below: $0) } == [0])
        #expect(catalogue.tree.find("x/y").map { catalogue.items(below: $0) } == [])
    }

    @Test("A path lies below its ancestors and below nothing else")
    func tree() throws {
        var tree = CategoryTree()
        let phoneCase = tree.intern("electronics/phone/case")
        let electronics = try #require(tree.find("electronics"))
        let other = tree.intern("electronics-old")
        #expect(tree.isBelow(phoneCase, electronics))
        #expect(!tree.isBelow(other, electronics))
        #expect(tree.subtree(of: electronics).count == 3)
        #expect(tree.intern("") == -1)
    }
}
