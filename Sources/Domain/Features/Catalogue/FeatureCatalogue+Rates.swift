import Messages

extension FeatureCatalogue {
    /// One thing per another: of the whole life, in windows, and the present beside the past.
    static let rates: [Feature] =
        lifeRates
        + [.week, .month, .quarter].flatMap { windowRates($0) }
        + [
            rate("view_trend", .ratio, "views a day in 7 days beside 30 days", .month) {
                ratio($0.sum(.week)[.view] / 7, $0.sum(.month)[.view] / 30)
            },
            rate("spend_trend", .ratio, "spent a day in 30 days beside 90 days", .quarter) {
                ratio($0.sum(.month).spend / 30, $0.sum(.quarter).spend / 90)
            },
        ]

    private static let lifeRates: [Feature] = [
        rate("click_rate", .share, "clicks per item shown") {
            ratio($0.life(.click), $0.life(.impression))
        },
        rate("cart_rate", .share, "carts per view") { ratio($0.life(.cartAdd), $0.life(.view)) },
        rate("favourite_rate", .share, "favourites per view") {
            ratio($0.life(.favourite), $0.life(.view))
        },
        rate("conversion_rate", .share, "purchases per view") {
            ratio($0.life(.purchase), $0.life(.view))
        },
        rate("cart_removal_rate", .share, "taken out of the cart per item put in") {
            ratio($0.life(.cartRemove), $0.life(.cartAdd))
        },
        rate("refund_rate", .share, "refunds per purchase") {
            ratio($0.life(.refund), $0.life(.purchase))
        },
        rate("refund_share", .share, "money paid back per money spent") {
            ratio($0.state.refunded, $0.state.spend)
        },
        rate("discount_share", .share, "money taken off of what purchases would have cost") {
            ratio($0.state.discount, $0.state.spend + $0.state.discount)
        },
        rate("coupon_rate", .share, "coupons used per coupon received") {
            ratio($0.life(.couponUsed), $0.life(.couponReceived))
        },
        rate("mean_basket", .money, "money per purchase") {
            ratio($0.state.spend, $0.life(.purchase))
        },
        rate("mean_price", .money, "money per piece") {
            ratio($0.state.spend, Double($0.state.pieces))
        },
        rate("mean_viewed_price", .money, "price of what was viewed") {
            ratio($0.state.viewedPrices, Double($0.state.viewsPriced))
        },
        rate("dearest_bought", .money, "highest price of a piece bought") {
            $0.life(.purchase) > 0 ? $0.state.purchases.dearest : .nan
        },
        rate("mean_dwell", .seconds, "dwell per visit to an item") {
            ratio($0.state.dwellSeconds, $0.life(.dwell))
        },
        rate("mean_rating", .stars, "mean of ratings given") {
            ratio($0.state.ratingSum, $0.life(.rating))
        },
    ]

    private static func windowRates(_ window: Feature.Window) -> [Feature] {
        let end = "_\(window.rawValue)"
        let words = " in \(window.words)"
        return [
            rate("click_rate" + end, .share, "clicks per item shown" + words, window) {
                ratio($0.sum(window)[.click], $0.sum(window)[.impression])
            },
            rate("cart_rate" + end, .share, "carts per view" + words, window) {
                ratio($0.sum(window)[.cart], $0.sum(window)[.view])
            },
            rate("conversion_rate" + end, .share, "purchases per view" + words, window) {
                ratio($0.sum(window)[.purchase], $0.sum(window)[.view])
            },
            rate("mean_basket" + end, .money, "money per purchase" + words, window) {
                ratio($0.sum(window).spend, $0.sum(window)[.purchase])
            },
            rate("refund_share" + end, .share, "money paid back per money spent" + words, window) {
                ratio($0.sum(window).refunded, $0.sum(window).spend)
            },
            rate(
                "discount_share" + end, .share, "money taken off of the full price" + words, window
            ) { ratio($0.sum(window).discount, $0.sum(window).spend + $0.sum(window).discount) },
        ]
    }

    private static func rate(
        _ name: String, _ unit: Feature.Unit, _ meaning: String, _ window: Feature.Window = .life,
        _ value: @escaping @Sendable (FeatureContext) -> Double
    ) -> Feature {
        Feature(
            name: name, unit: unit, meaning: meaning, group: .rates, window: window, value: value)
    }
}
