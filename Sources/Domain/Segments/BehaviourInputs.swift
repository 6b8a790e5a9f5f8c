import Learning

/// One number that behaviour is told by.
struct BehaviourInput: Sendable {
    var name: String
    /// In the language of tags.
    var expression: String
    var method: Normaliser.Method
    /// What is said of who has more of it than others, and of who has less.
    var high: String
    var low: String

    init(
        _ name: String, _ expression: String, _ method: Normaliser.Method, _ high: String,
        _ low: String
    ) {
        self.name = name
        self.expression = expression
        self.method = method
        self.high = high
        self.low = low
    }
}

/// How somebody shops, not what and not who it is: neither age nor gender nor region is among it.
/// Counts and money are taken as logarithms, because some have a thousand times more than others.
enum BehaviourInputs {
    static let all: [BehaviourInput] = [
        BehaviourInput(
            "days_since_last", "stats.days_since_last", .logarithmic, "long away", "here lately"),
        BehaviourInput(
            "days_since_first", "stats.days_since_first", .logarithmic, "long known", "newcomers"),
        BehaviourInput(
            "sessions", "stats.sessions", .logarithmic, "many visits", "few visits"),
        BehaviourInput(
            "events_per_session", "stats.events_per_session", .logarithmic, "long visits",
            "short visits"),
        BehaviourInput("orders", "stats.orders_life", .logarithmic, "many orders", "few orders"),
        BehaviourInput("spend", "stats.spend_life", .logarithmic, "high spend", "low spend"),
        BehaviourInput(
            "viewed_price", "stats.mean_viewed_price", .logarithmic, "look at dear goods",
            "look at cheap goods"),
        BehaviourInput(
            "conversion", "stats.conversion_rate", .standard, "buy what they see", "look only"),
        BehaviourInput("carts", "stats.cart_rate", .standard, "fill carts", "fill no carts"),
        BehaviourInput(
            "coupons", "stats.coupons_used_life", .logarithmic, "use coupons", "use no coupons"),
        BehaviourInput(
            "refunds", "stats.refund_rate", .standard, "give much back", "give nothing back"),
        BehaviourInput(
            "searches", "stats.searches_life / stats.events_life", .standard, "search",
            "browse"),
        BehaviourInput(
            "night", "stats.night_share", .standard, "at night", "by day"),
        BehaviourInput(
            "weekend", "stats.weekend_share", .standard, "at weekends", "on weekdays"),
    ]

    static func words(_ name: String, isHigh: Bool) -> String {
        guard let input = all.first(where: { $0.name == name }) else {
            return "\(isHigh ? "much" : "little") \(name)"
        }
        return isHigh ? input.high : input.low
    }
}
