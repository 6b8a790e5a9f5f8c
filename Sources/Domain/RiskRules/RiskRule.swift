/// A rule about users: who meets the condition is riskier by the score, for the reason given.
package struct RiskRule: Sendable, Equatable {
    package var name: String
    /// An expression that yields a truth value.
    package var when: String
    /// How much of the doubt that others leave it takes away, 0 to 1; 0 switches the rule off.
    package var score: Double
    /// For people; `{…}` holds an expression whose value is put there, `{… %}` one that is shown in
    /// percent.
    package var reason: String
    /// What is demanded at least when the rule holds, whatever the score.
    package var action: RiskAction

    package init(
        _ name: String, when: String, score: Double, reason: String, action: RiskAction = .allow
    ) {
        self.name = name
        self.when = when
        self.score = score
        self.reason = reason
        self.action = action
    }

    /// Rules that need no knowledge of the shop. Each asks for some orders first, so that one
    /// unusual purchase convicts nobody, and none does so alone.
    package static let builtIn: [RiskRule] = [
        RiskRule(
            "night_orders", when: "stats.orders_life >= 3 && stats.night_share > 0.5", score: 0.4,
            reason: "{stats.night_share %} of all events between 0 and 6 o'clock UTC"),
        RiskRule(
            "many_devices", when: "stats.orders_life >= 3 && stats.devices >= 3", score: 0.4,
            reason: "{stats.devices} kinds of device"),
        RiskRule(
            "buys_unseen", when: "stats.purchases_life >= 3 && stats.conversion_rate > 0.8",
            score: 0.4,
            reason: "{stats.conversion_rate %} of views end in a purchase: no looking around"
        ),
        RiskRule(
            "orders_in_a_row",
            when: "stats.orders_life >= 3 && stats.orders_life / stats.sessions > 1.2", score: 0.5,
            reason: "{stats.orders_life / stats.sessions} orders per visit"),
        RiskRule(
            "refunds", when: "stats.refunds_life >= 2 && stats.refund_rate > 0.25", score: 0.3,
            reason: "{stats.refund_rate %} of purchases given back"),
        RiskRule(
            "coupons",
            when: "stats.coupons_used_life >= 3"
                + " && stats.coupons_used_life > stats.coupons_received_life"
                + " && stats.coupons_used_life / stats.orders_life > 0.4", score: 0.3,
            reason: "{stats.coupons_used_life / stats.orders_life} coupons per order,"
                + " {stats.coupons_received_life} were sent"),
        RiskRule(
            "dear_burst",
            when: "stats.purchases_1h >= 3 && stats.views_1h <= stats.purchases_1h"
                + " && stats.mean_basket_7d > stats.mean_viewed_price", score: 0.3,
            reason: "{stats.purchases_1h} dear purchases within two hours"),
    ]

    /// The built-in rules with those of a configuration in their place, and others behind them.
    package static func merged(_ own: [RiskRule], builtIn isWanted: Bool) -> [RiskRule] {
        var rules = isWanted ? builtIn : []
        for rule in own {
            if let place = rules.firstIndex(where: { $0.name == rule.name }) {
                rules[place] = rule
            } else {
                rules.append(rule)
            }
        }
        return rules.filter { $0.score > 0 || $0.action > .allow }
    }
}
