import Events
package import Messages

extension UserState {
    /// True if an event at `timeMs` would begin a new session: the moment to take an example.
    package func beginsSession(at timeMs: Int64, _ parameters: FoldParameters) -> Bool {
        session.count == 0 || timeMs - session.lastMs > parameters.sessionGapMs
    }

    /// Applies one event. `bytes` is what the slices of `record` point into.
    mutating func apply(
        _ record: RecordFields, in bytes: Span<UInt8>, _ hashes: EventHashes, offset: UInt64,
        parameters: FoldParameters, names: inout NameCache
    ) {
        let event = record.event
        let type = event.type
        let quantity = Double(max(event.quantity, 1))
        let price = record.price
        let money = Money(event, price: price, quantity: quantity)

        version = offset + 1
        countTimes(event.timeMs)
        countLife(type, event, money, price: price, quantity: quantity)
        let begins = beginsSession(at: event.timeMs, parameters)
        countWindows(type, event.timeMs, money, begins, parameters)
        visit(type, event.timeMs, begins)
        prefer(type, record, in: bytes, hashes, price: price, parameters, &names)
        if !event.itemID.isEmpty && Self.remembers(type) {
            seen.add(hashes.item)
            remember(type, bytes.text(event.itemID), event.timeMs, price: price)
        }
    }

    /// What an event moved, in the shop's currency.
    struct Money {
        var spend = 0.0
        var refunded = 0.0
        var discount = 0.0

        init(_ event: EventFields, price: Double, quantity: Double) {
            if event.type == .purchase {
                spend = price * quantity
                discount = event.discount
            } else if event.type == .refund {
                refunded = event.value > 0 ? event.value : price * quantity
            }
        }
    }

    @inline(__always)
    mutating func countTimes(_ timeMs: Int64) {
        firstSeenMs = firstSeenMs == 0 ? timeMs : min(firstSeenMs, timeMs)
        lastSeenMs = max(lastSeenMs, timeMs)
        let hour = timeMs / Decay.msPerHour
        let ofDay = Int(hour % 24)
        // 1 January 1970 was a Thursday; Monday is 0.
        let ofWeek = Int((hour / 24 + 3) % 7)
        if hourOfDay[ofDay] < .max { hourOfDay[ofDay] += 1 }
        if dayOfWeek[ofWeek] < .max { dayOfWeek[ofWeek] += 1 }
    }

    @inline(__always)
    mutating func countLife(
        _ type: EventType, _ event: EventFields, _ money: Money, price: Double, quantity: Double
    ) {
        let index = Int(type.rawValue) & 31
        lifeCounts[index] &+= 1
        switch type {
        case .view:
            if price > 0 {
                viewedPrices += price
                viewsPriced &+= 1
            }
        case .purchase:
            spend += money.spend
            discount += money.discount
            pieces &+= UInt64(quantity)
        case .refund:
            refunded += money.refunded
        case .dwell:
            dwellSeconds += event.value
        case .rating:
            ratingSum += event.value
        default:
            break
        }
    }

    @inline(__always)
    mutating func countWindows(
        _ type: EventType, _ timeMs: Int64, _ money: Money, _ begins: Bool,
        _ parameters: FoldParameters
    ) {
        let hour = timeMs / Decay.msPerHour
        let entry = TileEntry(
            kind: type.counted, spend: Float(money.spend), refunded: Float(money.refunded),
            discount: Float(money.discount), beginsSession: begins)
        hours.add(
            entry, bucket: Int32(truncatingIfNeeded: hour), keep: StateLimits.hourTiles)
        let day = Int32(truncatingIfNeeded: hour / 24)
        if days.add(entry, bucket: day, keep: StateLimits.dayTiles) {
            activeDays &+= 1
            longestStreak = max(longestStreak, UInt32(days.run(around: day)))
        }
        guard let kind = entry.kind else { return }
        if decayHour == 0 { decayHour = hour }
        var unit = parameters.countDecay.growth(hours: hour - decayHour)
        if unit > 1e6 {
            decayed /= unit
            decayedSpend /= unit
            decayHour = hour
            unit = 1
        }
        decayed[kind.rawValue] += unit
        if kind == .purchase { decayedSpend += unit * money.spend }
    }

    /// A late event, older than the current session, changes no session: sessions follow arrival.
    @inline(__always)
    mutating func visit(_ type: EventType, _ timeMs: Int64, _ begins: Bool) {
        if begins {
            closeSession()
            session.count &+= 1
            session.startMs = timeMs
            session.lastMs = timeMs
        } else if timeMs < session.startMs {
            return
        }
        session.lastMs = max(session.lastMs, timeMs)
        session.events &+= 1
        if type == .view { session.views &+= 1 }
        if type == .cartAdd { session.carts &+= 1 }
        if type == .purchase {
            if session.purchases == 0 { session.buying &+= 1 }
            session.purchases &+= 1
        }
    }

    private mutating func closeSession() {
        let lengthMs = session.lastMs - session.startMs
        session.closedMs.addTime(lengthMs)
        session.longestMs = max(session.longestMs, lengthMs)
        if session.events == 1 { session.bounces &+= 1 }
        session.events = 0
        session.views = 0
        session.carts = 0
        session.purchases = 0
    }

    /// Whether an event about an item is remembered with it: not that it was only shown.
    @inline(__always)
    private static func remembers(_ type: EventType) -> Bool { type != .impression }

    /// Remembers what an event says about an item as ``apply`` does, and nothing else: enough for
    /// the lists that recommendations are made from.
    package mutating func remember(_ type: EventType, _ itemID: String, at timeMs: Int64) {
        guard !itemID.isEmpty, Self.remembers(type) else { return }
        remember(type, itemID, timeMs, price: 0)
    }

    mutating func remember(
        _ type: EventType, _ itemID: String, _ timeMs: Int64, price: Double
    ) {
        switch type {
        case .purchase:
            if let first = recents.firstTime(of: itemID), first <= timeMs {
                purchases.decisionMs.addTime(timeMs - first)
                purchases.decisions &+= 1
            }
            if purchases.lastMs > 0 && timeMs >= purchases.lastMs {
                let hours = Double(timeMs - purchases.lastMs) / Double(Decay.msPerHour)
                purchases.gaps &+= 1
                purchases.gapHours += hours
                purchases.gapHoursSquared += hours * hours
            }
            purchases.dearest = max(purchases.dearest, price)
            if purchases.firstMs == 0 || timeMs < purchases.firstMs { purchases.firstMs = timeMs }
            purchases.lastMs = max(purchases.lastMs, timeMs)
            purchased.keepNewest(itemID, limit: StateLimits.purchasedMax)
            cart.removeAll { $0 == itemID }
        case .cartAdd:
            cart.keepNewest(itemID, limit: StateLimits.cartMax)
        case .cartRemove:
            cart.removeAll { $0 == itemID }
        case .hide:
            hidden.keepNewest(itemID, limit: StateLimits.hiddenMax)
        default:
            break
        }
        recents.append(Recent(itemID: itemID, type: type, timeMs: timeMs))
    }

    /// Takes over what the shop says of the user; empty fields leave what was known.
    package mutating func apply(_ user: User, offset: UInt64) {
        version = offset + 1
        var known = attributes ?? User()
        known.userID = user.userID
        if !user.gender.isEmpty { known.gender = user.gender }
        if user.age > 0 { known.age = user.age }
        if !user.occupation.isEmpty { known.occupation = user.occupation }
        if !user.education.isEmpty { known.education = user.education }
        if !user.income.isEmpty { known.income = user.income }
        if !user.region.isEmpty { known.region = user.region }
        if !user.interests.isEmpty { known.interests = user.interests }
        known.timeMs = max(known.timeMs, user.timeMs)
        for property in user.properties {
            if let at = known.properties.firstIndex(where: { $0.key == property.key }) {
                known.properties[at] = property
            } else if known.properties.count < RecordLimits.propertiesMax {
                known.properties.append(property)
            }
        }
        attributes = known
    }
}

extension [String] {
    /// Puts `text` last, without repetition, and drops the oldest beyond `limit`.
    fileprivate mutating func keepNewest(_ text: String, limit: Int) {
        if let at = firstIndex(of: text) { remove(at: at) }
        append(text)
        if count > limit { removeFirst() }
    }
}
