import Messages

extension FeatureCatalogue {
    private static let hoursPerDay = 24.0
    private static let msPerMinute = 60_000.0

    /// When a user comes and buys.
    static let rhythm: [Feature] = recency + purchases + sessions

    private static let recency: [Feature] = [
        timing("days_since_first", .days, "since the first event", .now) {
            $0.days(since: $0.state.firstSeenMs)
        },
        timing("days_since_last", .days, "since the last event", .now) {
            $0.days(since: $0.state.lastSeenMs)
        },
        timing("days_since_purchase", .days, "since the last purchase", .now) {
            $0.days(since: $0.state.purchases.lastMs)
        },
        timing("streak_days", .days, "days in a row with an event, to today or yesterday", .now) {
            $0.streak
        },
        timing("longest_streak_days", .days, "most days in a row with an event", .life) {
            Double($0.state.longestStreak)
        },
    ]

    private static let purchases: [Feature] = [
        timing("purchase_gap", .days, "mean time between purchases", .life) {
            let rhythm = $0.state.purchases
            let days = Double(rhythm.lastMs - rhythm.firstMs) / Double(Decay.msPerHour * 24)
            return ratio(days, $0.life(.purchase) - 1)
        },
        timing("purchase_gap_deviation", .days, "how much these times differ", .life) {
            let rhythm = $0.state.purchases
            guard rhythm.gaps > 1 else { return .nan }
            let mean = rhythm.gapHours / Double(rhythm.gaps)
            let square = rhythm.gapHoursSquared / Double(rhythm.gaps)
            return max(0, square - mean * mean).squareRoot() / hoursPerDay
        },
        timing("decision_time", .hours, "from first seeing an item to buying it", .life) {
            let rhythm = $0.state.purchases
            return ratio(
                Double(rhythm.decisionMs) / Double(Decay.msPerHour), Double(rhythm.decisions))
        },
    ]

    private static let sessions: [Feature] = [
        timing("sessions", .count, "sessions begun", .life) { Double($0.state.session.count) },
        timing("mean_session", .minutes, "mean length of a session", .life) {
            let session = $0.state.session
            let lengthMs = Double(session.closedMs + session.lastMs - session.startMs)
            return ratio(lengthMs / msPerMinute, Double(session.count))
        },
        timing("longest_session", .minutes, "the longest session", .life) {
            let session = $0.state.session
            guard session.count > 0 else { return .nan }
            return Double(max(session.longestMs, session.lastMs - session.startMs)) / msPerMinute
        },
        timing("events_per_session", .events, "events per session", .life) {
            ratio($0.state.events, Double($0.state.session.count))
        },
        timing("bounce_share", .share, "ended sessions with one event only", .life) {
            ratio(Double($0.state.session.bounces), Double($0.state.session.count) - 1)
        },
        timing("buying_session_share", .share, "sessions with a purchase", .life) {
            ratio(Double($0.state.session.buying), Double($0.state.session.count))
        },
        timing("session_events", .events, "events in the last session", .session) {
            Double($0.state.session.events)
        },
        timing("session_views", .events, "views in the last session", .session) {
            Double($0.state.session.views)
        },
        timing("session_carts", .events, "carts in the last session", .session) {
            Double($0.state.session.carts)
        },
        timing("session_purchases", .events, "purchases in the last session", .session) {
            Double($0.state.session.purchases)
        },
        timing("cart_items", .count, "items in the cart now", .now) {
            Double($0.state.cart.count)
        },
    ]

    private static func timing(
        _ name: String, _ unit: Feature.Unit, _ meaning: String, _ window: Feature.Window,
        _ value: @escaping @Sendable (FeatureContext) -> Double
    ) -> Feature {
        Feature(
            name: name, unit: unit, meaning: meaning, group: .rhythm, window: window, value: value)
    }
}
