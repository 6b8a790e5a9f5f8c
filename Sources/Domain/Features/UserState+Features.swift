import Messages

extension UserState {
    /// The feature vector at `asOfMs`, in the order of the catalogue; unknown values are NaN.
    package func features(asOfMs: Int64) -> [Float] {
        var vector: [Float] = []
        vector.reserveCapacity(64)
        visitFeatures(asOfMs: asOfMs) { _, _, _, value in vector.append(Float(value)) }
        return vector
    }

    /// Calls `visit(name, unit, meaning, value)` for every feature: names and values are defined in
    /// one place, so they cannot drift apart.
    package func visitFeatures(
        asOfMs: Int64, _ visit: (String, String, String, Double) -> Void
    ) {
        visitWindows(asOfMs, visit)
        visitLife(asOfMs, visit)
        visitRates(asOfMs, visit)
        visitRhythm(asOfMs, visit)
    }

    private typealias Visit = (String, String, String, Double) -> Void

    private func visitWindows(_ asOfMs: Int64, _ visit: Visit) {
        let hour = Int32(truncatingIfNeeded: asOfMs / Decay.msPerHour)
        let day = Int32(truncatingIfNeeded: asOfMs / Decay.msPerHour / 24)
        let windows: [(String, String, WindowSum)] = [
            ("1h", "this hour and the one before", hours.sum(newest: hour, length: 2)),
            ("1d", "the last 24 hours", hours.sum(newest: hour, length: 24)),
            ("7d", "the last 7 days", days.sum(newest: day, length: 7)),
            ("30d", "the last 30 days", days.sum(newest: day, length: 30)),
            ("90d", "the last 90 days", days.sum(newest: day, length: 90)),
        ]
        for (name, words, sum) in windows {
            visit("views_" + name, "events", "views in " + words, sum[.view])
            visit("favourites_" + name, "events", "favourites in " + words, sum[.favourite])
            visit("carts_" + name, "events", "items put in the cart in " + words, sum[.cart])
            visit("purchases_" + name, "events", "purchases in " + words, sum[.purchase])
            visit("spend_" + name, "money", "spent in " + words, sum.spend)
        }
        let month = windows[3].2
        visit("searches_30d", "events", "searches in the last 30 days", month[.search])
        visit("clicks_30d", "events", "clicks in the last 30 days", month[.click])
        visit("active_days_30d", "days", "days with an event in the last 30", Double(month.active))
    }

    private func visitLife(_ asOfMs: Int64, _ visit: Visit) {
        visit("events_life", "events", "all events", events)
        visit("views_life", "events", "all views", life(.view))
        visit("favourites_life", "events", "all favourites", life(.favourite))
        visit("carts_life", "events", "all items put in the cart", life(.cartAdd))
        visit("purchases_life", "events", "all purchases", life(.purchase))
        visit("spend_life", "money", "all money spent", spend)
        visit("refunds_life", "events", "all refunds", life(.refund))
        visit("coupons_used_life", "events", "coupons used", life(.couponUsed))
        let hour = asOfMs / Decay.msPerHour
        // Decayed counts are valued at decayHour; only the difference to now is left to apply.
        let fade = Self.countDecay.growth(hours: decayHour - hour)
        let half = "count halved every 7 days: "
        visit("views_decayed", "events", half + "views", decayed[Counted.view.rawValue] * fade)
        visit("carts_decayed", "events", half + "carts", decayed[Counted.cart.rawValue] * fade)
        visit(
            "purchases_decayed", "events", half + "purchases",
            decayed[Counted.purchase.rawValue] * fade)
    }

    private static let countDecay = FoldParameters().countDecay

    private func visitRates(_ asOfMs: Int64, _ visit: Visit) {
        let views = life(.view)
        let bought = life(.purchase)
        visit(
            "click_rate", "share", "clicks per impression",
            ratio(life(.click), life(.impression)))
        visit("cart_rate", "share", "carts per view", ratio(life(.cartAdd), views))
        visit("favourite_rate", "share", "favourites per view", ratio(life(.favourite), views))
        visit("conversion_rate", "share", "purchases per view", ratio(bought, views))
        visit("refund_share", "share", "money refunded per money spent", ratio(refunded, spend))
        visit("mean_basket", "money", "money per purchase", ratio(spend, bought))
        visit("mean_price", "money", "money per piece", ratio(spend, Double(pieces)))
        visit(
            "mean_dwell", "seconds", "dwell per visit to an item", ratio(dwellSeconds, life(.dwell))
        )
        visit("mean_rating", "stars", "mean of ratings given", ratio(ratingSum, life(.rating)))
        var night = 0.0
        for hour in 0..<6 { night += Double(hourOfDay[hour]) }
        var all = 0.0
        for hour in 0..<24 { all += Double(hourOfDay[hour]) }
        visit("night_share", "share", "events between 0 and 6 o'clock UTC", ratio(night, all))
        visit(
            "weekend_share", "share", "events on Saturday and Sunday",
            ratio(Double(dayOfWeek[5]) + Double(dayOfWeek[6]), all))
        let categories = affinities.shares(.category)
        visit(
            "top_category_share", "share", "weight of the strongest category",
            categories.first?.share ?? .nan)
        visit("categories", "count", "categories with a weight", Double(categories.count))
    }

    private func visitRhythm(_ asOfMs: Int64, _ visit: Visit) {
        let day = Double(Decay.msPerHour * 24)
        func days(since ms: Int64) -> Double {
            ms == 0 ? .nan : max(0, Double(asOfMs - ms) / day)
        }
        let count = Double(session.count)
        let lengthMs = Double(session.closedMs + session.lastMs - session.startMs)
        let bought = life(.purchase)
        visit("days_since_first", "days", "since the first event", days(since: firstSeenMs))
        visit("days_since_last", "days", "since the last event", days(since: lastSeenMs))
        visit(
            "days_since_purchase", "days", "since the last purchase", days(since: purchases.lastMs))
        visit(
            "purchase_gap", "days", "mean time between purchases",
            bought > 1 ? Double(purchases.lastMs - purchases.firstMs) / day / (bought - 1) : .nan)
        visit(
            "decision_time", "hours", "from first seeing an item to buying it",
            ratio(
                Double(purchases.decisionMs) / Double(Decay.msPerHour),
                Double(purchases.decisions)))
        visit("sessions", "count", "sessions begun", count)
        visit(
            "mean_session", "minutes", "mean length of a session", ratio(lengthMs / 60_000, count))
        visit("events_per_session", "events", "events per session", ratio(events, count))
        visit("session_events", "events", "events in the last session", Double(session.events))
        visit("session_views", "events", "views in the last session", Double(session.views))
        visit("session_carts", "events", "carts in the last session", Double(session.carts))
        visit("cart_items", "count", "items in the cart now", Double(cart.count))
    }

    private func ratio(_ part: Double, _ whole: Double) -> Double {
        whole > 0 ? part / whole : .nan
    }
}
