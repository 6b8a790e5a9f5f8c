/// What a user did.
package struct EventType: WireEnum {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let unknown = Self(rawValue: 0)
    package static let view = Self(rawValue: 1)
    package static let impression = Self(rawValue: 2)
    package static let click = Self(rawValue: 3)
    package static let search = Self(rawValue: 4)
    package static let favourite = Self(rawValue: 5)
    package static let cartAdd = Self(rawValue: 6)
    package static let cartRemove = Self(rawValue: 7)
    package static let order = Self(rawValue: 8)
    package static let purchase = Self(rawValue: 9)
    package static let refund = Self(rawValue: 10)
    package static let review = Self(rawValue: 11)
    package static let rating = Self(rawValue: 12)
    package static let share = Self(rawValue: 13)
    package static let login = Self(rawValue: 14)
    package static let signUp = Self(rawValue: 15)
    package static let couponReceived = Self(rawValue: 16)
    package static let couponUsed = Self(rawValue: 17)
    package static let dwell = Self(rawValue: 18)
    package static let hide = Self(rawValue: 19)

    /// Every value of the schema, in number order, with its name.
    package static let named: [(value: Self, name: String)] = [
        (.unknown, "unknown"),
        (.view, "view"),
        (.impression, "impression"),
        (.click, "click"),
        (.search, "search"),
        (.favourite, "favourite"),
        (.cartAdd, "cart_add"),
        (.cartRemove, "cart_remove"),
        (.order, "order"),
        (.purchase, "purchase"),
        (.refund, "refund"),
        (.review, "review"),
        (.rating, "rating"),
        (.share, "share"),
        (.login, "login"),
        (.signUp, "sign_up"),
        (.couponReceived, "coupon_received"),
        (.couponUsed, "coupon_used"),
        (.dwell, "dwell"),
        (.hide, "hide"),
    ]
}
