import Messages
import Simulation
import Testing

@Suite("What was planted can be found again from behaviour alone")
struct PlantedStructureTests {
    static let parameters = ShopParameters(users: 400, items: 300, events: 80_000, days: 40)

    /// Cosine of two sparse vectors.
    static func cosine(_ one: [String: Double], _ other: [String: Double]) -> Double {
        let dot = one.reduce(0.0) { $0 + $1.value * other[$1.key, default: 0] }
        func length(_ vector: [String: Double]) -> Double {
            vector.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        return dot / max(length(one) * length(other), 1e-12)
    }

    @Test("Users of one taste look at the same categories; nearest centroid finds the taste")
    func tastes() {
        let shop = ShopSimulation(seed: 11, parameters: Self.parameters)
        let truth = shop.truth
        var place: [String: Int] = [:]
        for (at, user) in shop.users().enumerated() { place[user.userID] = at }
        var vectors = [[String: Double]](repeating: [:], count: place.count)
        for event in shop where event.type == .view {
            guard let user = place[event.userID] else { continue }
            vectors[user][event.category, default: 0] += 1
        }
        // Centroids from even users, judged on odd ones.
        var centroids = [[String: Double]](repeating: [:], count: Self.parameters.tastes)
        for user in stride(from: 0, to: vectors.count, by: 2)
        where !truth.fraudsters.contains(user) {
            centroids[truth.tasteOfUser[user]].merge(vectors[user], uniquingKeysWith: +)
        }
        var right = 0
        var judged = 0
        for user in stride(from: 1, to: vectors.count, by: 2)
        where !truth.fraudsters.contains(user) && vectors[user].values.reduce(0, +) >= 20 {
            let best = centroids.indices.max {
                Self.cosine(vectors[user], centroids[$0])
                    < Self.cosine(vectors[user], centroids[$1])
            }
            judged += 1
            if best == truth.tasteOfUser[user] { right += 1 }
        }
        let share = Double(right) / Double(max(judged, 1))
        #expect(judged > 100)
        #expect(share > 0.8, "found \(right) of \(judged) tastes; chance is 1 in 8")
    }

    @Test("A purchase is followed by a complement far more often than by chance")
    func complements() {
        let shop = ShopSimulation(seed: 12, parameters: Self.parameters)
        let truth = shop.truth
        let items = shop.items()
        var complementOf: [String: Set<String>] = [:]
        for (at, pairs) in truth.complementsOfItem.enumerated() where !pairs.isEmpty {
            complementOf[items[at].itemID] = Set(pairs.map { items[$0].itemID })
        }
        // Against the rate at which the same items are bought at all.
        var bought: [String: Int] = [:]
        var total = 0
        var last: [String: String] = [:]
        var followed = 0
        var chance = 0.0
        var pairs: [(String, String)] = []
        for event in shop where event.type == .purchase {
            bought[event.itemID, default: 0] += 1
            total += 1
            if let before = last[event.userID], complementOf[before] != nil {
                pairs.append((before, event.itemID))
            }
            last[event.userID] = event.itemID
        }
        for (before, after) in pairs {
            let wanted = complementOf[before] ?? []
            if wanted.contains(after) { followed += 1 }
            chance += wanted.reduce(0) { $0 + Double(bought[$1, default: 0]) / Double(total) }
        }
        #expect(pairs.count > 200)
        #expect(Double(followed) > 5 * chance, "\(followed) followed, \(chance) by chance")
    }

    @Test("Fraudsters show: night orders, many cards, many refunds")
    func fraud() {
        let shop = ShopSimulation(seed: 13, parameters: Self.parameters)
        let truth = shop.truth
        let users = shop.users()
        let fraudsters = Set(truth.fraudsters.map { users[$0].userID })
        #expect(!fraudsters.isEmpty)
        var cards: [String: Set<String>] = [:]
        var night = (fraud: 0, honest: 0)
        var orders = (fraud: 0, honest: 0)
        for event in shop where event.type == .order {
            let isNight = (1..<5).contains(event.timeMs / 3_600_000 % 24)
            for card in event.properties where card.key == "card" {
                cards[event.userID, default: []].insert(card.value)
            }
            if fraudsters.contains(event.userID) {
                orders.fraud += 1
                night.fraud += isNight ? 1 : 0
            } else {
                orders.honest += 1
                night.honest += isNight ? 1 : 0
            }
        }
        #expect(night.fraud * 10 > orders.fraud * 9, "\(night) of \(orders)")
        #expect(night.honest * 5 < orders.honest, "\(night) of \(orders)")
        let honestMost = cards.filter { !fraudsters.contains($0.key) }.map(\.value.count).max()
        #expect((honestMost ?? 0) <= 2)
        #expect(fraudsters.contains { (cards[$0]?.count ?? 0) > 5 })
    }

    @Test("A cart or repeated views make a purchase within a week likelier")
    func intent() {
        let shop = ShopSimulation(seed: 14, parameters: Self.parameters)
        let half = shop.parameters.startMs + 20 * 86_400_000
        let week: Int64 = 7 * 86_400_000
        var hadCart: Set<String> = []
        var wasActive: Set<String> = []
        var boughtAfter: Set<String> = []
        for event in shop {
            if event.timeMs < half, event.timeMs >= half - week {
                wasActive.insert(event.userID)
                if event.type == .cartAdd { hadCart.insert(event.userID) }
            } else if event.timeMs >= half, event.timeMs < half + week,
                event.type == .purchase
            {
                boughtAfter.insert(event.userID)
            }
        }
        func rate(_ users: Set<String>) -> Double {
            Double(users.intersection(boughtAfter).count) / Double(max(users.count, 1))
        }
        let withCart = rate(hadCart)
        let without = rate(wasActive.subtracting(hadCart))
        #expect(withCart > 1.3 * without, "\(withCart) with a cart, \(without) without")
    }
}
