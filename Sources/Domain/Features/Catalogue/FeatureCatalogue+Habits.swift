extension FeatureCatalogue {
    /// When in the day and week a user is there, by UTC.
    static let habits: [Feature] =
        [
            habit("night_share", "between 0 and 6 o'clock") { $0.hourShare(0..<6) },
            habit("weekend_share", "on Saturday and Sunday") { $0.weekdayShare(5..<7) },
        ]
        + (0..<24).map { hour in
            habit(
                "hour_\(hour < 10 ? "0" : "")\(hour)_share", "from \(hour) to \(hour + 1) o'clock"
            ) { $0.hourShare(hour..<hour + 1) }
        }
        + weekdays.indices.map { day in
            habit("\(weekdays[day].lowercased())_share", "on \(weekdays[day])s") {
                $0.weekdayShare(day..<day + 1)
            }
        }

    private static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]

    private static func habit(
        _ name: String, _ words: String,
        _ value: @escaping @Sendable (FeatureContext) -> Double
    ) -> Feature {
        Feature(
            name: name, unit: .share, meaning: "share of events \(words), UTC", group: .habits,
            window: .life, value: value)
    }

    /// How a user's preferences are spread. Which they are stands in the affinities.
    static let tastes: [Feature] =
        [
            taste("top_category_share", .share, "weight of the strongest category") {
                $0.categories.first?.share ?? .nan
            },
            taste(
                "category_concentration", .share, "chance that two thoughts are of one category"
            ) { context in
                guard !context.categories.isEmpty else { return .nan }
                return context.categories.reduce(0) { $0 + $1.share * $1.share }
            },
        ]
        + [
            ("categories", .category), ("brands", .brand), ("price_bands", .priceBand),
            ("keywords", .keyword), ("devices", .device), ("channels", .channel),
            ("regions", .region), ("attributes", .attribute),
        ].map { (name: String, kind: AffinityKind) in
            taste(name, .count, "\(name) with a weight, \(kind.limit) at most") {
                Double($0.state.affinities.count(kind))
            }
        }

    private static func taste(
        _ name: String, _ unit: Feature.Unit, _ meaning: String,
        _ value: @escaping @Sendable (FeatureContext) -> Double
    ) -> Feature {
        Feature(
            name: name, unit: unit, meaning: meaning, group: .tastes, window: .decayed,
            value: value)
    }
}
