/// What a user did.
@usableFromInline
package struct EventType: WireEnum {
    @usableFromInline package let rawValue: Int32

    @inlinable @inline(__always)
    package init(rawValue: Int32) { self.rawValue = rawValue }

    // Compared several times per event: the generic operator would go through a witness table, and
    // stored constants through their lazy accessors.
    @inlinable @inline(__always)
    package static func == (a: Self, b: Self) -> Bool { a.rawValue == b.rawValue }
    @inlinable @inline(__always)
    package static func ~= (pattern: Self, value: Self) -> Bool {
        pattern.rawValue == value.rawValue
    }

    @usableFromInline package var description: String { name }

    @inlinable package static var unknown: Self { Self(rawValue: 0) }
    @inlinable package static var view: Self { Self(rawValue: 1) }
    @inlinable package static var impression: Self { Self(rawValue: 2) }
    @inlinable package static var click: Self { Self(rawValue: 3) }
    @inlinable package static var search: Self { Self(rawValue: 4) }
    @inlinable package static var favourite: Self { Self(rawValue: 5) }
    @inlinable package static var cartAdd: Self { Self(rawValue: 6) }
    @inlinable package static var cartRemove: Self { Self(rawValue: 7) }
    @inlinable package static var order: Self { Self(rawValue: 8) }
    @inlinable package static var purchase: Self { Self(rawValue: 9) }
    @inlinable package static var refund: Self { Self(rawValue: 10) }
    @inlinable package static var review: Self { Self(rawValue: 11) }
    @inlinable package static var rating: Self { Self(rawValue: 12) }
    @inlinable package static var share: Self { Self(rawValue: 13) }
    @inlinable package static var login: Self { Self(rawValue: 14) }
    @inlinable package static var signUp: Self { Self(rawValue: 15) }
    @inlinable package static var couponReceived: Self { Self(rawValue: 16) }
    @inlinable package static var couponUsed: Self { Self(rawValue: 17) }
    @inlinable package static var dwell: Self { Self(rawValue: 18) }
    @inlinable package static var hide: Self { Self(rawValue: 19) }

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
