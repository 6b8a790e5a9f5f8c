/// One number that the models of risk look at.
package struct RiskInput: Sendable, Equatable {
    package var name: String
    /// In the language of tags.
    package var expression: String
    /// As reasons say it, after a value.
    package var words: String
    /// Whether the value is a share of one, shown in percent.
    package var isShare: Bool

    init(_ name: String, _ expression: String, _ words: String, isShare: Bool = false) {
        self.name = name
        self.expression = expression
        self.words = words
        self.isShare = isShare
    }
}

/// What the forest and the model of labels are made from: how somebody behaves, not who it is.
/// Neither age nor gender nor region is among it, and no money as such, which only says who is
/// rich; prices stand beside those that the user looked at.
package enum RiskInputs {
    package static let all: [RiskInput] = [
        RiskInput("night_share", "stats.night_share", "of events at night", isShare: true),
        RiskInput("devices", "stats.devices", "kinds of device"),
        RiskInput("regions", "stats.regions", "regions"),
        RiskInput("channels", "stats.channels", "channels"),
        RiskInput("orders", "stats.orders_life", "orders"),
        RiskInput("orders_per_visit", "stats.orders_life / stats.sessions", "orders per visit"),
        RiskInput("purchases_per_view", "stats.conversion_rate", "purchases per view"),
        RiskInput(
            "refund_rate", "stats.refund_rate", "of purchases given back", isShare: true),
        RiskInput("refund_share", "stats.refund_share", "of money given back", isShare: true),
        RiskInput(
            "coupons_per_order", "stats.coupons_used_life / stats.orders_life",
            "coupons per order"),
        RiskInput(
            "coupons_unsent", "stats.coupons_used_life - stats.coupons_received_life",
            "coupons used beyond those sent"),
        RiskInput(
            "discount_share", "stats.discount_share", "of prices taken off", isShare: true),
        RiskInput(
            "dearness", "stats.mean_price / stats.mean_viewed_price",
            "times the price looked at is paid"),
        RiskInput("decision_hours", "stats.decision_time", "hours from seeing to buying"),
        RiskInput("purchase_gap_days", "stats.purchase_gap", "days between purchases"),
        RiskInput("purchases_1d", "stats.purchases_1d", "purchases in 24 hours"),
        RiskInput("refunds_30d", "stats.refunds_30d", "refunds in 30 days"),
        RiskInput("events_per_visit", "stats.events_per_session", "events per visit"),
        RiskInput(
            "buying_visits", "stats.buying_session_share", "of visits with a purchase",
            isShare: true),
        RiskInput(
            "cart_removals", "stats.cart_removal_rate", "taken out of the cart per item put in"),
        RiskInput("days_known", "stats.days_since_first", "days since the first event"),
    ]
}
