package import Messages

extension EventType {
    /// Which window count an event belongs to; nil where it counts as an event only.
    @inline(__always)
    var counted: Counted? {
        switch self {
        case .view: .view
        case .click: .click
        case .search: .search
        case .favourite: .favourite
        case .cartAdd: .cart
        case .purchase: .purchase
        case .refund: .refund
        case .impression: .impression
        default: nil
        }
    }

    /// How strongly an event speaks for what it is about; 0 says nothing.
    package var preferenceWeight: Double {
        switch self {
        case .view, .search, .dwell: 1
        case .click: 1.5
        case .favourite, .share: 3
        case .cartAdd: 4
        case .order, .purchase: 6
        case .rating, .review: 2
        default: 0
        }
    }
}
