import Messages
import Simulation
import Testing

@Suite("The simulated shop shows what was planted in it")
struct ShopSimulationTests {
    static func shop(
        seed: UInt64, events: Int = 60_000, days: Int = 28
    ) -> ShopSimulation {
        ShopSimulation(
            seed: seed,
            parameters: ShopParameters(users: 400, items: 300, events: events, days: days))
    }

    @Test("The same seed gives the same shop to the byte; another seed another one")
    func determinism() {
        func bytes(_ seed: UInt64) -> [UInt8] {
            var out: [UInt8] = []
            for item in Self.shop(seed: seed).items() { item.encode(into: &out) }
            for user in Self.shop(seed: seed).users() { user.encode(into: &out) }
            for event in Self.shop(seed: seed, events: 5_000) { event.encode(into: &out) }
            return out
        }
        #expect(bytes(3) == bytes(3))
        #expect(bytes(3) != bytes(4))
    }

    @Test("Events come in time order, as many as asked, over the days asked", arguments: [1, 9])
    func order(seed: UInt64) {
        let shop = Self.shop(seed: seed)
        var last = shop.parameters.startMs
        var count = 0
        var identifiers: Set<String> = []
        for event in shop {
            #expect(event.timeMs >= last, "seed=\(seed) event=\(count)")
            last = event.timeMs
            count += 1
            identifiers.insert(event.eventID)
        }
        #expect(count == 60_000)
        #expect(identifiers.count == count, "event ids repeat, seed=\(seed)")
        let days = Double(last - shop.parameters.startMs) / 86_400_000
        #expect(days > 25 && days < 31, "spread over \(days) days, seed=\(seed)")
    }

    @Test("Every event has a user, a known type, and an item where one belongs")
    func fields() {
        let shop = Self.shop(seed: 5)
        let users = Set(shop.users().map(\.userID))
        let items = Set(shop.items().map(\.itemID))
        for event in shop {
            #expect(users.contains(event.userID))
            #expect(event.type.isKnown)
            if !event.itemID.isEmpty {
                #expect(items.contains(event.itemID))
                #expect(event.price > 0 && !event.category.isEmpty && !event.brand.isEmpty)
            }
        }
    }

    @Test("Evenings are busier than nights, and weekends than working days")
    func rhythm() {
        var byHour = [Int](repeating: 0, count: 24)
        var byWeekday = [Int](repeating: 0, count: 7)
        for event in Self.shop(seed: 2) {
            byHour[Int(event.timeMs / 3_600_000 % 24)] += 1
            byWeekday[Int((event.timeMs / 86_400_000 + 3) % 7)] += 1
        }
        #expect(byHour[20] > 3 * byHour[4], "by hour: \(byHour)")
        #expect(byWeekday[6] > byWeekday[1], "by weekday: \(byWeekday)")
    }

    @Test("Swimwear sells in summer, coats in winter")
    func seasons() {
        let year = ShopSimulation(
            seed: 8, parameters: ShopParameters(users: 300, items: 300, events: 120_000, days: 360))
        var winter: [String: Int] = [:]
        var summer: [String: Int] = [:]
        let start = year.parameters.startMs
        for event in year where event.type == .view {
            switch (event.timeMs - start) / 86_400_000 {
            case 150..<210: summer[event.category, default: 0] += 1
            case 0..<30, 330..<360: winter[event.category, default: 0] += 1
            default: break
            }
        }
        let swim = "fashion/swimwear"
        let coat = "fashion/coat"
        #expect(summer[swim, default: 0] > 2 * winter[swim, default: 0])
        #expect(winter[coat, default: 0] > 2 * summer[coat, default: 0])
    }

    @Test("The funnel narrows: views, carts, purchases within believable rates")
    func funnel() {
        var counts: [EventType: Int] = [:]
        for event in Self.shop(seed: 6) { counts[event.type, default: 0] += 1 }
        let views = Double(counts[.view, default: 0])
        let carts = Double(counts[.cartAdd, default: 0])
        let purchases = Double(counts[.purchase, default: 0])
        #expect(views > 20_000, "\(counts)")
        #expect((0.04...0.35).contains(carts / views), "carts per view \(carts / views)")
        #expect((0.01...0.25).contains(purchases / views), "bought \(purchases / views)")
        for type in [EventType.search, .dwell, .rating, .refund, .couponUsed, .signUp, .order] {
            #expect(counts[type, default: 0] > 0, "no \(type.name)")
        }
    }

    @Test("New items enter over time and are not seen before")
    func newItems() {
        let shop = Self.shop(seed: 7)
        var released: [String: Int64] = [:]
        for item in shop.items() { released[item.itemID] = item.timeMs }
        let later = released.values.count { $0 > shop.parameters.startMs }
        #expect(later > 10)
        for event in shop where event.type == .view {
            let from = released[event.itemID] ?? .max
            #expect(event.timeMs >= from, "\(event.itemID) was seen before it came")
        }
    }
}
