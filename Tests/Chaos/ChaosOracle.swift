/// The second implementation: what every profile must say, by plain counting. It shares nothing
/// with the domain, not even the messages: it reads the notes that producers made of their events.
struct ChaosOracle {
    /// One event as noted in the history: `id|user|type|quarters|quantity|good`. Prices are
    /// quarters, so that sums are exact in any order.
    struct Noted {
        let id: String
        let user: String
        let type: String
        let quarters: Int
        let quantity: Int
        /// Whether ingest must take it.
        let isGood: Bool

        init?(_ text: String) {
            let parts = text.split(separator: "|").map(String.init)
            guard parts.count == 6, let quarters = Int(parts[3]), let quantity = Int(parts[4])
            else { return nil }
            (id, user, type) = (parts[0], parts[1], parts[2])
            (self.quarters, self.quantity, isGood) = (quarters, quantity, parts[5] == "good")
        }

        /// Which producer made it, and as which.
        var origin: (producer: String, number: Int)? {
            guard let dot = id.lastIndex(of: "."), let number = Int(id[id.index(after: dot)...])
            else { return nil }
            return (String(id[..<dot]), number)
        }
    }

    private struct Totals {
        var counts: [String: Int] = [:]
        var quarters = 0
    }

    private var totals: [String: Totals] = [:]

    var users: [String] { totals.keys.sorted() }

    mutating func take(_ event: Noted) {
        totals[event.user, default: Totals()].counts[event.type, default: 0] += 1
        if event.type == "purchase" {
            totals[event.user, default: Totals()].quarters += event.quarters * event.quantity
        }
    }

    /// Statistics by name, as a profile shows them.
    func expected(_ user: String) -> [(name: String, value: Double)] {
        let found = totals[user] ?? Totals()
        func count(_ type: String) -> Double { Double(found.counts[type] ?? 0) }
        let all = Double(found.counts.values.reduce(0, +))
        let spend = Double(found.quarters) / 4
        return [
            ("events_life", all), ("views_life", count("view")),
            ("favourites_life", count("favourite")), ("carts_life", count("cart")),
            ("purchases_life", count("purchase")), ("spend_life", spend),
            ("conversion_rate", count("view") > 0 ? count("purchase") / count("view") : 0),
            ("mean_basket", count("purchase") > 0 ? spend / count("purchase") : 0),
        ]
    }
}
