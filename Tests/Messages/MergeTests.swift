import Messages
import Testing

@Suite("Fields that come twice are merged as proto3 says")
struct MergeTests {
    @Test("The last scalar wins, lists grow, messages merge")
    func merge() throws {
        var first = Profile()
        first.userID = "a"
        first.version = 3
        first.attributes = User()
        first.attributes?.region = "north"
        first.statistics = [NamedValue.sample]
        var second = Profile()
        second.userID = "b"
        second.attributes = User()
        second.attributes?.age = 30
        second.statistics = [NamedValue.sample]

        let merged = try Profile(decoding: first.encoded() + second.encoded())
        #expect(merged.userID == "b")
        #expect(merged.version == 3)
        #expect(merged.attributes?.region == "north")
        #expect(merged.attributes?.age == 30)
        #expect(merged.statistics.count == 2)
    }

    @Test("The last alternative wins; the same alternative merges")
    func oneof() throws {
        var event = Record()
        event.content = .event(Event.sample)
        var item = Record()
        item.content = .item(Item.sample)
        #expect(try Record(decoding: event.encoded() + item.encoded()) == item)
        #expect(try Record(decoding: item.encoded() + event.encoded()) == event)

        var price = Item()
        price.price = 3
        var other = Record()
        other.content = .item(price)
        var expected = Item.sample
        expected.price = 3
        expected.keywords = Item.sample.keywords
        let merged = try Record(decoding: item.encoded() + other.encoded())
        #expect(merged.content == .item(expected))
    }

    @Test("Numbers are taken packed and one by one")
    func packing() throws {
        var expected = ProfilesChanged()
        expected.partitions = [1, 300]
        expected.userHashes = [7]
        var loose: [UInt8] = []
        for partition in expected.partitions { loose.write(3, partition) }
        loose.write(4, fixed64: UInt64(7))
        #expect(try ProfilesChanged(decoding: loose) == expected)

        var features: [UInt8] = []
        features.appendTag(3, .fixed32)
        features.appendFixed32(Float(1.5).bitPattern)
        #expect(try Example(decoding: features).values == [1.5])
        #expect(throws: DecodeError.badPacking) { try Example(decoding: [0x1a, 3, 0, 0, 0]) }
    }

    @Test("Unknown fields and numbers of a later version are passed over or kept")
    func unknown() throws {
        var bytes = Reject.sample.encoded()
        bytes.write(99, "later")
        bytes.write(98, fixed64: UInt64(1))
        bytes.appendTag(97, .startGroup)
        bytes.write(96, "inside")
        bytes.appendTag(97, .endGroup)
        #expect(try Reject(decoding: bytes) == Reject.sample)

        var later = RecentEvent()
        later.type = EventType(rawValue: 4711)
        let decoded = try RecentEvent(decoding: later.encoded())
        #expect(decoded == later)
        #expect(decoded.type.name == "4711")
        #expect(!decoded.type.isKnown)
    }
}
