package import Messages

/// What Limn remembers of one user: everything a profile, a feature vector or a ranking needs.
///
/// A state is a fold of the user's records in the order of the log and depends on nothing else.
/// Money is in the shop's currency, times are Unix milliseconds of the events themselves.
package struct UserState: Sendable, Equatable {
    package var userID: String
    /// Offset after the last record that changed this state; says which of two copies is newer.
    package var version: UInt64 = 0
    package var firstSeenMs: Int64 = 0
    package var lastSeenMs: Int64 = 0

    /// Events of the whole life by `EventType` number.
    package var lifeCounts: SIMD32<UInt32> = .zero
    package var spend: Double = 0
    package var refunded: Double = 0
    package var pieces: UInt64 = 0
    /// Money taken off purchases.
    package var discount: Double = 0
    package var dwellSeconds: Double = 0
    package var ratingSum: Double = 0
    /// Sum of the prices of what was viewed, and of how many views the price was known.
    package var viewedPrices: Double = 0
    package var viewsPriced: UInt32 = 0
    /// Days with an event.
    package var activeDays: UInt32 = 0
    /// Most days in a row with an event.
    package var longestStreak: UInt32 = 0
    /// Which items were seen, by eight bits of their hash.
    package var seen = DistinctCount()

    package var hours = Tiles()
    package var days = Tiles()
    /// Decayed counts by `Counted`, valued at `decayHour`.
    package var decayed: SIMD8<Double> = .zero
    package var decayedSpend: Double = 0
    package var decayHour: Int64 = 0
    package var hourOfDay: SIMD32<UInt16> = .zero
    package var dayOfWeek: SIMD8<UInt16> = .zero

    package var session = Session()
    package var purchases = PurchaseRhythm()
    package var affinities = Affinities()
    package var recents = Recents()
    /// Newest last, without repetition.
    package var purchased: [String] = []
    package var hidden: [String] = []
    package var cart: [String] = []
    package var attributes: User?

    package init(userID: String) {
        self.userID = userID
    }

    /// One field of each line of memory that an event touches; see `PartitionFold.warm`.
    @inline(__always)
    var warmth: UInt64 {
        version &+ UInt64(lifeCounts[0]) &+ spend.bitPattern &+ UInt64(bitPattern: decayHour)
            &+ decayed[0].bitPattern &+ UInt64(hourOfDay[0]) &+ UInt64(session.events)
            &+ UInt64(bitPattern: purchases.lastMs) &+ seen.warmth
            &+ UInt64(bitPattern: affinities.referenceHour)
    }

    /// Events of one type in the whole life.
    package func life(_ type: EventType) -> Double {
        let index = Int(type.rawValue)
        return index >= 0 && index < 32 ? Double(lifeCounts[index]) : 0
    }

    package var events: Double { Double(lifeCounts.wrappedSum()) }
}

/// Visits: runs of events without a long pause.
package struct Session: Sendable, Equatable {
    /// Sessions begun, the current one included.
    package var count: UInt32 = 0
    package var startMs: Int64 = 0
    package var lastMs: Int64 = 0
    package var events: UInt32 = 0
    package var views: UInt32 = 0
    package var carts: UInt32 = 0
    package var purchases: UInt32 = 0
    /// Length of all closed sessions together.
    package var closedMs: Int64 = 0
    /// Of the closed ones.
    package var longestMs: Int64 = 0
    /// Closed sessions with one event.
    package var bounces: UInt32 = 0
    /// Sessions with a purchase, the current one included.
    package var buying: UInt32 = 0

    package init() {}
}

/// When a user buys.
package struct PurchaseRhythm: Sendable, Equatable {
    package var firstMs: Int64 = 0
    package var lastMs: Int64 = 0
    /// Sum over purchases of the time since the item was first seen, and how many had one.
    package var decisionMs: Int64 = 0
    package var decisions: UInt32 = 0
    /// Times between one purchase and the next, in the order of the log: how many, their sum and
    /// the sum of their squares, in hours. A purchase that comes late has none.
    package var gaps: UInt32 = 0
    package var gapHours: Double = 0
    package var gapHoursSquared: Double = 0
    /// The highest price of a piece.
    package var dearest: Double = 0

    package init() {}
}
