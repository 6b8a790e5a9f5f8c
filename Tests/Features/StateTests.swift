import Events
import Features
import Messages
import Randomness
import Testing

@Suite("User state: stored form, windows, decay")
struct StateTests {
    static func states() throws -> [UserState] {
        var log = Log()
        for event in randomEvents(seed: 11, count: 900, users: 4) { log.append(event) }
        var user = User()
        user.userID = "user-1"
        user.gender = "f"
        user.age = 33
        user.interests = ["tea"]
        log.append(user)
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 100)
        return fold.table.states
    }

    @Test("survives being stored")
    func roundTrip() throws {
        for state in try Self.states() {
            let bytes = state.encoded()
            let back = try UserState(decoding: bytes.span)
            #expect(back == state)
            #expect(back.encoded() == bytes)
            #expect(bytes.count < 4096)
        }
    }

    @Test("damage is an error, never a trap")
    func damage() throws {
        let bytes = try #require(try Self.states().first).encoded()
        for length in 0..<bytes.count {
            let part = try? UserState(decoding: bytes.span.extracting(0..<length))
            #expect(part == nil, "\(length) bytes")
        }
        for at in bytes.indices {
            for flip in [1, 0x80, 0xFF] as [UInt8] {
                var broken = bytes
                broken[at] ^= flip
                _ = try? UserState(decoding: broken.span)
            }
        }
    }

    @Test("attributes keep what a later record leaves empty")
    func laterAttributes() throws {
        var state = UserState(userID: "u")
        var first = User()
        first.userID = "u"
        first.gender = "m"
        first.region = "Kyoto"
        state.apply(first, offset: 0)
        var second = User()
        second.userID = "u"
        second.region = "Oslo"
        state.apply(second, offset: 1)
        #expect(state.attributes?.gender == "m")
        #expect(state.attributes?.region == "Oslo")
        #expect(state.version == 2)
    }

    @Test("a half-life halves, and a growth undoes its decay", arguments: [1, 24, 168, 720])
    func halfLife(hours: Int) {
        let decay = Decay(halfLifeHours: hours)
        #expect(abs(decay.growth(hours: Int64(-hours)) - 0.5) < 1e-12)
        for step in [-1000, -37, -1, 0, 1, 5, 999] as [Int64] {
            let product = decay.growth(hours: step) * decay.growth(hours: -step)
            #expect(abs(product - 1) < 1e-9, "\(step) hours")
        }
    }

    @Test("tiles equal a count over all events", arguments: [1, 2, 3, 4] as [UInt64])
    func tiles(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var tiles = Tiles()
        var kept: [Int32] = []
        var newest: Int32 = 0
        for _ in 0..<500 {
            let bucket = max(0, newest + Int32.random(in: -12...3, using: &random))
            newest = max(newest, bucket)
            tiles.add(TileEntry(kind: .view, spend: 1), bucket: bucket, keep: 10)
            kept.append(bucket)
            for length in [1, 5, 10] as [Int32] {
                let sum = tiles.sum(newest: newest, length: length)
                let expected = kept.filter { $0 > newest - length }.count
                #expect(sum[.view] == Double(expected), "seed \(seed), length \(length)")
            }
            #expect(tiles.tiles.count <= 10)
        }
    }

    @Test("affinities add up to one per kind and forget the lightest")
    func affinities() throws {
        for state in try Self.states() {
            for kind in AffinityKind.allCases {
                let shares = state.affinities.shares(kind)
                #expect(shares.count <= kind.limit)
                if !shares.isEmpty {
                    #expect(abs(shares.reduce(0) { $0 + $1.share } - 1) < 1e-9)
                }
            }
        }
    }

    @Test("of free properties only what was chosen of an item counts, never a card")
    func attributes() throws {
        var log = Log()
        var event = Event("u", .purchase, "shirt", 1_700_000_000_000)
        for (key, value) in [("card", "c17"), ("colour", "red"), ("尺码", "XL"), ("ip", "1.2.3.4")] {
            var property = Property()
            property.key = key
            property.value = value
            event.properties.append(property)
        }
        log.append(event)
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 1)
        let state = try #require(fold.table.states.first)
        let names = state.affinities.shares(.attribute).map(\.name).sorted()
        #expect(names == ["colour: red", "尺码: XL"])
    }

    @Test("feature names are unique and as many as values")
    func catalogue() {
        let names = FeatureCatalogue.names
        #expect(Set(names).count == names.count)
        #expect(UserState(userID: "u").features(asOfMs: 0).count == names.count)
    }

    @Test("price bands follow the price")
    func bands() {
        #expect(PriceBand(12).name == "10-17")
        #expect(PriceBand(0.001).name.hasPrefix("under"))
        #expect(PriceBand(5e8).name.hasPrefix("over"))
        var last = -1
        for price in stride(from: 0.01, to: 500, by: 0.37) {
            let band = PriceBand(price).rawValue
            #expect(band >= last)
            last = band
        }
    }
}
