import Messages

/// A person is the sum of the person's identifiers: one state made of several, each folded from
/// its own events alone.
extension UserState {
    /// The state of a person, or nil if no identifier has one. Goes by the id of the first.
    ///
    /// Counts, money, windows, hours and decayed counts are exactly what one fold of all events
    /// would have made. What the order of the events decides is put together so: sessions stay
    /// those of each identifier, and the latest is the current one; streaks and active days know
    /// of common days as far as the windows reach (91 days); gaps between purchases are those of
    /// each identifier; lists are merged by time where times are kept.
    package static func person(of states: [UserState]) -> UserState? {
        guard var sum = states.first else { return nil }
        for state in states.dropFirst() { sum.join(state) }
        return sum
    }

    /// The state of a person who goes by `name`, whether that identifier has a state or not.
    package static func person(_ name: String, of states: [UserState]) -> UserState? {
        var sum = person(of: states)
        sum?.userID = name
        return sum
    }

    private mutating func join(_ other: UserState) {
        version = max(version, other.version)
        joinCounts(other)
        joinWindows(other)
        session.join(other.session)
        purchases.join(other.purchases)
        affinities.join(other.affinities)
        joinLists(other)
        joinAttributes(other.attributes)
        firstSeenMs = Self.earliest(firstSeenMs, other.firstSeenMs)
        lastSeenMs = max(lastSeenMs, other.lastSeenMs)
    }

    private mutating func joinCounts(_ other: UserState) {
        lifeCounts &+= other.lifeCounts
        spend += other.spend
        refunded += other.refunded
        pieces &+= other.pieces
        discount += other.discount
        dwellSeconds += other.dwellSeconds
        ratingSum += other.ratingSum
        viewedPrices += other.viewedPrices
        viewsPriced &+= other.viewsPriced
        seen = DistinctCount(bits: seen.bits | other.seen.bits)
        hourOfDay = hourOfDay.addingSaturated(other.hourOfDay)
        dayOfWeek = dayOfWeek.addingSaturated(other.dayOfWeek)
    }

    private mutating func joinWindows(_ other: UserState) {
        let common = Set(days.tiles.map(\.bucket)).intersection(other.days.tiles.map(\.bucket))
        activeDays = activeDays &+ other.activeDays &- UInt32(common.count)
        hours.join(other.hours, keep: StateLimits.hourTiles)
        days.join(other.days, keep: StateLimits.dayTiles)
        longestStreak = max(longestStreak, other.longestStreak, UInt32(days.longestRun))
        guard other.decayHour != 0 else { return }
        let hour = max(decayHour, other.decayHour)
        let decay = FoldParameters.standard.countDecay
        let own = decayHour == 0 ? 1 : decay.growth(hours: decayHour - hour)
        let others = decay.growth(hours: other.decayHour - hour)
        decayed = decayed * own + other.decayed * others
        decayedSpend = decayedSpend * own + other.decayedSpend * others
        decayHour = hour
    }

    private mutating func joinLists(_ other: UserState) {
        let isLater = lastSeenMs >= other.lastSeenMs
        func merged(_ own: [String], _ others: [String], _ limit: Int) -> [String] {
            let all = isLater ? others + own : own + others
            var seen: Set<String> = []
            return Array(
                all.reversed().filter { seen.insert($0).inserted }.prefix(limit).reversed())
        }
        purchased = merged(purchased, other.purchased, StateLimits.purchasedMax)
        hidden = merged(hidden, other.hidden, StateLimits.hiddenMax)
        cart = merged(cart, other.cart, StateLimits.cartMax)
        recents.join(other.recents)
        // Put in the cart under one identifier, bought or taken out under another.
        var fates: [String: EventType] = [:]
        for recent in recents.ordered
        where [.cartAdd, .cartRemove, .purchase].contains(recent.type) {
            fates[recent.itemID] = recent.type
        }
        cart.removeAll { fates[$0] == .purchase || fates[$0] == .cartRemove }
    }

    private mutating func joinAttributes(_ other: User?) {
        guard let other else { return }
        guard let own = attributes else {
            attributes = other
            attributes?.userID = userID
            return
        }
        let (older, newer) = own.timeMs > other.timeMs ? (other, own) : (own, other)
        let before = version
        attributes = older
        apply(newer, offset: 0)
        attributes?.userID = userID
        version = before
    }

    /// Of two times, of which 0 is none.
    static func earliest(_ one: Int64, _ other: Int64) -> Int64 {
        one == 0 ? other : other == 0 ? one : min(one, other)
    }
}

extension Session {
    /// The session that was alive last stays the current one; the other one is closed.
    fileprivate mutating func join(_ other: Session) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (ended, current) = lastMs >= other.lastMs ? (other, self) : (self, other)
        var sum = current
        sum.count = count &+ other.count
        sum.closedMs = closedMs
        sum.closedMs.addTime(other.closedMs)
        sum.closedMs.addTime(ended.lastMs - ended.startMs)
        sum.longestMs = max(longestMs, other.longestMs, ended.lastMs - ended.startMs)
        sum.bounces = bounces &+ other.bounces &+ (ended.events == 1 ? 1 : 0)
        sum.buying = buying &+ other.buying
        self = sum
    }
}

extension PurchaseRhythm {
    fileprivate mutating func join(_ other: PurchaseRhythm) {
        firstMs = UserState.earliest(firstMs, other.firstMs)
        lastMs = max(lastMs, other.lastMs)
        decisionMs.addTime(other.decisionMs)
        decisions &+= other.decisions
        gaps &+= other.gaps
        gapHours += other.gapHours
        gapHoursSquared += other.gapHoursSquared
        dearest = max(dearest, other.dearest)
    }
}

extension Affinities {
    fileprivate mutating func join(_ other: Affinities) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let hour = max(referenceHour, other.referenceHour)
        let decay = FoldParameters.standard.affinityDecay
        var joined: [AffinityEntry] = []
        for list in [self, other] {
            let scale = decay.growth(hours: list.referenceHour - hour)
            for entry in list.entries {
                let known = joined.firstIndex { $0.kind == entry.kind && $0.hash == entry.hash }
                if let known {
                    joined[known].weight += entry.weight * scale
                } else {
                    joined.append(entry)
                    joined[joined.count - 1].weight *= scale
                }
            }
        }
        self = Affinities()
        referenceHour = hour
        for kind in AffinityKind.allCases {
            let heaviest = joined.filter { $0.kind == kind }
                .sorted { ($0.weight, $1.name) > ($1.weight, $0.name) }
            for entry in heaviest.prefix(kind.limit) { _ = restore(entry) }
        }
    }
}

extension Recents {
    fileprivate mutating func join(_ other: Recents) {
        let own = ordered
        // Stable: what has the same time stays in the order of arrival, own first.
        let all = (own + other.ordered).enumerated()
            .sorted { ($0.element.timeMs, $0.offset) < ($1.element.timeMs, $1.offset) }
        self = Recents()
        for (_, recent) in all.suffix(StateLimits.recentMax) { append(recent) }
    }
}

extension SIMD where Scalar == UInt16 {
    fileprivate func addingSaturated(_ other: Self) -> Self {
        var sum = self
        for lane in 0..<Self.scalarCount { sum[lane] = self[lane].adding(other[lane]) }
        return sum
    }
}
