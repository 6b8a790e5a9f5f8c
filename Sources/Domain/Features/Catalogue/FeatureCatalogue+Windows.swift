extension FeatureCatalogue {
    /// Counts and money in windows that end now, exact to the hour (1h, 1d) or the day, UTC.
    static let windows: [Feature] = Feature.Window.sliding.flatMap { window in
        counts(window) + money(window) + activity(window)
    }

    private static func counts(_ window: Feature.Window) -> [Feature] {
        let kinds: [(String, Counted, String)] = [
            ("views", .view, "views"), ("clicks", .click, "clicks"),
            ("impressions", .impression, "items shown"),
            ("searches", .search, "searches"), ("favourites", .favourite, "favourites"),
            ("carts", .cart, "items put in the cart"), ("purchases", .purchase, "purchases"),
            ("refunds", .refund, "refunds"),
        ]
        return kinds.map { name, kind, words in
            make(name, .events, words, window) { $0.sum(window)[kind] }
        }
    }

    private static func money(_ window: Feature.Window) -> [Feature] {
        [
            make("spend", .money, "spent", window) { $0.sum(window).spend },
            make("refunded", .money, "paid back", window) { $0.sum(window).refunded },
            make("discount", .money, "taken off purchases", window) { $0.sum(window).discount },
        ]
    }

    private static func activity(_ window: Feature.Window) -> [Feature] {
        var features = [
            make("events", .events, "events of every kind", window) {
                Double($0.sum(window).events)
            },
            make("sessions", .count, "sessions begun", window) { Double($0.sum(window).sessions) },
        ]
        if window != .hour && window != .day {
            features.append(
                make("active_days", .days, "days with an event", window) {
                    Double($0.sum(window).active)
                })
        }
        return features
    }

    private static func make(
        _ name: String, _ unit: Feature.Unit, _ words: String, _ window: Feature.Window,
        _ value: @escaping @Sendable (FeatureContext) -> Double
    ) -> Feature {
        Feature(
            name: "\(name)_\(window.rawValue)", unit: unit,
            meaning: "\(words) in \(window.words)", group: .windows, window: window, value: value)
    }
}
