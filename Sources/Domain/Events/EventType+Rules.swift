package import Messages

extension EventType {
    /// Highest number in use; the numbers from 1 on have no holes.
    package static let last = EventType.hide.rawValue

    /// True if an event of this type is meaningless without an item.
    @inline(__always)
    package var needsItem: Bool {
        switch self {
        case .search, .login, .signUp, .couponReceived, .couponUsed, .order, .share, .review,
            .refund, .impression:
            false
        default: true
        }
    }

    @inline(__always)
    package var isValid: Bool { rawValue > 0 && rawValue <= Self.last }
}
