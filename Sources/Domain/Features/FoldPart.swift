import Events
package import Messages

/// What an event changes in a state, part by part: for measurements of what each costs. Everything
/// else applies all of them at once.
package enum FoldPart: String, CaseIterable, Sendable {
    /// First and last time, hours of the day, days of the week.
    case times
    /// Counts and money of the whole life.
    case life
    /// Tiles of hours and days, decayed counts, streaks.
    case windows
    case sessions
    case affinities
    /// The last items, those bought, hidden and in the cart, different ones seen.
    case items
}

/// A state with what is needed to apply parts of events to it.
package struct PartlyFolded {
    package private(set) var state: UserState
    private let parameters = FoldParameters.standard

    package init(userID: String) { state = UserState(userID: userID) }

    /// Applies one part of an event; `bytes` is what the slices of `record` point into.
    package mutating func apply(
        _ part: FoldPart, of record: RecordFields, in bytes: Span<UInt8>, names: inout Names
    ) {
        let event = record.event
        let price = record.price
        let quantity = Double(max(event.quantity, 1))
        let money = UserState.Money(event, price: price, quantity: quantity)
        switch part {
        case .times: state.countTimes(event.timeMs)
        case .life: state.countLife(event.type, event, money, price: price, quantity: quantity)
        case .windows: state.countWindows(event.type, event.timeMs, money, false, parameters)
        case .sessions:
            let begins = state.beginsSession(at: event.timeMs, parameters)
            state.visit(event.type, event.timeMs, begins)
        case .affinities:
            let hashes = EventHashes(record, in: bytes, .open, partition: 0)
            state.prefer(
                event.type, record, in: bytes, hashes, price: price, parameters, &names.cache)
        case .items:
            guard !event.itemID.isEmpty && event.type != .impression else { return }
            state.seen.add(XXH64.hash(bytes, in: event.itemID.range))
            state.remember(event.type, bytes.text(event.itemID), event.timeMs, price: price)
        }
    }

    /// Shared by the states of a table.
    package struct Names {
        fileprivate var cache = NameCache()
        package init() {}
    }
}
