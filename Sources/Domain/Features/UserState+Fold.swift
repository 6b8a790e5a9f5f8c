import Events
package import Messages

extension UserState {
    /// True if an event at `timeMs` would begin a new session: the moment to take an example.
    package func beginsSession(at timeMs: Int64, _ parameters: FoldParameters) -> Bool {
        session.count == 0 || timeMs - session.lastMs > parameters.sessionGapMs
    }

    /// Applies one event. `bytes` is what the slices of `record` point into.
    mutating func apply(
        _ record: RecordFields, in bytes: Span<UInt8>, offset: UInt64,
        parameters: FoldParameters, names: inout NameCache
    ) {
        let event = record.event
        let type = event.type
        let quantity = Double(max(event.quantity, 1))
        let price = event.price > 0 ? event.price : record.stampPrice
        let money = type == .purchase ? price * quantity : 0

        version = offset + 1
        countTimes(event.timeMs)
        countLife(type, event, price: price, quantity: quantity)
        countWindows(type, event.timeMs, money: money, parameters)
        visit(type, event.timeMs, parameters)
        prefer(type, record, in: bytes, price: price, parameters, &names)
        if !event.itemID.isEmpty && type != .impression {
            remember(type, bytes.text(event.itemID), event.timeMs)
        }
    }

    @inline(__always)
    private mutating func countTimes(_ timeMs: Int64) {
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
    private mutating func countLife(
        _ type: EventType, _ event: EventFields, price: Double, quantity: Double
    ) {
        let index = Int(type.rawValue) & 31
        lifeCounts[index] &+= 1
        switch type {
        case .purchase:
            spend += price * quantity
            pieces &+= UInt64(quantity)
        case .refund:
            refunded += event.value > 0 ? event.value : price * quantity
        case .dwell:
            dwellSeconds += event.value
        case .rating:
            ratingSum += event.value
        default:
            break
        }
    }

    @inline(__always)
    private mutating func countWindows(
        _ type: EventType, _ timeMs: Int64, money: Double, _ parameters: FoldParameters
    ) {
        let kind = type.counted
        let hour = timeMs / Decay.msPerHour
        hours.add(
            bucket: Int32(truncatingIfNeeded: hour), kind: kind, spend: Float(money),
            keep: StateLimits.hourTiles)
        days.add(
            bucket: Int32(truncatingIfNeeded: hour / 24), kind: kind, spend: Float(money),
            keep: StateLimits.dayTiles)
        if decayHour == 0 { decayHour = hour }
        var unit = parameters.countDecay.growth(hours: hour - decayHour)
        if unit > 1e6 {
            decayed /= unit
            decayHour = hour
            unit = 1
        }
        decayed[kind.rawValue] += unit
    }

    /// A late event, older than the current session, changes no session: sessions follow arrival.
    @inline(__always)
    private mutating func visit(
        _ type: EventType, _ timeMs: Int64, _ parameters: FoldParameters
    ) {
        if beginsSession(at: timeMs, parameters) {
            session.closedMs += session.lastMs - session.startMs
            session.count &+= 1
            session.startMs = timeMs
            session.lastMs = timeMs
            session.events = 0
            session.views = 0
            session.carts = 0
        } else if timeMs < session.startMs {
            return
        }
        session.lastMs = max(session.lastMs, timeMs)
        session.events &+= 1
        if type == .view { session.views &+= 1 }
        if type == .cartAdd { session.carts &+= 1 }
    }

    private mutating func remember(_ type: EventType, _ itemID: String, _ timeMs: Int64) {
        switch type {
        case .purchase:
            if let first = recents.firstTime(of: itemID), first <= timeMs {
                purchases.decisionMs += timeMs - first
                purchases.decisions &+= 1
            }
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
