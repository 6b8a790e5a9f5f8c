import Messages

extension FeatureCatalogue {
    /// Counts and money of the whole life.
    static let life: [Feature] =
        lifeCounts.map { name, type, words in
            lifetime(name, .events, "all " + words) { $0.life(type) }
        } + [
            lifetime("events", .events, "all events") { $0.state.events },
            lifetime("spend", .money, "all money spent") { $0.state.spend },
            lifetime("refunded", .money, "all money paid back") { $0.state.refunded },
            lifetime("discount", .money, "all money taken off purchases") { $0.state.discount },
            lifetime("pieces", .count, "all pieces bought") { Double($0.state.pieces) },
            lifetime("dwell", .minutes, "all time spent with items") {
                $0.state.dwellSeconds / 60
            },
            lifetime("active_days", .days, "all days with an event") {
                Double($0.state.activeDays)
            },
            lifetime(
                "items", .count, "different items, about; \(Int(DistinctCount.most)) at most"
            ) { $0.state.seen.count },
            lifetime(
                "items_bought", .count,
                "different items bought, \(StateLimits.purchasedMax) at most"
            ) { Double($0.state.purchased.count) },
        ]

    private static let lifeCounts: [(String, EventType, String)] = [
        ("views", .view, "views"), ("impressions", .impression, "items shown"),
        ("clicks", .click, "clicks"), ("searches", .search, "searches"),
        ("favourites", .favourite, "favourites"), ("carts", .cartAdd, "items put in the cart"),
        ("cart_removals", .cartRemove, "items taken out of the cart"),
        ("orders", .order, "orders"), ("purchases", .purchase, "purchases"),
        ("refunds", .refund, "refunds"), ("reviews", .review, "reviews written"),
        ("ratings", .rating, "ratings given"), ("shares", .share, "items shared"),
        ("logins", .login, "logins"), ("sign_ups", .signUp, "sign-ups"),
        ("coupons_received", .couponReceived, "coupons received"),
        ("coupons_used", .couponUsed, "coupons used"), ("hides", .hide, "items hidden"),
    ]

    private static func lifetime(
        _ name: String, _ unit: Feature.Unit, _ meaning: String,
        _ value: @escaping @Sendable (FeatureContext) -> Double
    ) -> Feature {
        Feature(
            name: name + "_life", unit: unit, meaning: meaning, group: .life, window: .life,
            value: value)
    }

    /// Counts that halve every 7 days.
    static let decayed: [Feature] =
        [
            ("views", .view, "views"), ("clicks", .click, "clicks"),
            ("searches", .search, "searches"), ("favourites", .favourite, "favourites"),
            ("carts", .cart, "items put in the cart"), ("purchases", .purchase, "purchases"),
        ].map { (name: String, kind: Counted, words: String) in
            fading(name, .events, words) { $0.decayed(kind) }
        } + [fading("spend", .money, "money spent") { $0.state.decayedSpend * $0.fade }]

    private static func fading(
        _ name: String, _ unit: Feature.Unit, _ words: String,
        _ value: @escaping @Sendable (FeatureContext) -> Double
    ) -> Feature {
        Feature(
            name: name + "_decayed", unit: unit, meaning: "halved every 7 days: " + words,
            group: .decayed, window: .decayed, value: value)
    }
}
