package import Messages

/// Why a record was refused: a stable code, and a sentence that says what to correct.
package struct Refusal: Error, Sendable, Equatable {
    package var code: ErrorCode
    package var message: String

    package init(_ code: ErrorCode, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// Checks of records at the edge. Everything behind ingest may rely on them.
package struct Validation: Sendable {
    /// Latest time accepted.
    private let timeMsMax: Int64

    package init(nowMs: Int64) {
        timeMsMax = nowMs + RecordLimits.timeAheadMsMax
    }

    /// Checks one event; nil means accepted.
    @inline(__always)
    package func refusal(of event: EventFields) -> Refusal? {
        let type = event.type
        let fine =
            !event.userID.isEmpty && event.userID.length <= RecordLimits.idBytesMax
            && type.isValid
            && (!event.itemID.isEmpty || !type.needsItem)
            && event.itemID.length <= RecordLimits.idBytesMax
            && event.timeMs >= RecordLimits.timeMsMin && event.timeMs <= timeMsMax
            && event.price >= 0 && event.price <= RecordLimits.priceMax
            && event.discount >= 0 && event.discount <= RecordLimits.priceMax
            && event.value >= -RecordLimits.valueMax && event.value <= RecordLimits.valueMax
            && event.quantity <= RecordLimits.quantityMax
            && event.category.length <= RecordLimits.categoryBytesMax
            && event.text.length <= RecordLimits.textBytesMax
            && max(
                event.brand.length, event.sessionID.length, event.eventID.length,
                event.recommendationID.length, event.channel.length, event.device.length,
                event.region.length, event.currency.length) <= RecordLimits.wordBytesMax
            && event.properties <= UInt32(RecordLimits.propertiesMax)
        return fine ? nil : reason(event, type)
    }

    /// The slow path: says which check failed.
    private func reason(_ event: EventFields, _ type: EventType) -> Refusal {
        if event.userID.isEmpty {
            return Refusal(.userMissing, "user_id is empty; every event needs its user")
        }
        if !type.isValid {
            return Refusal(
                .typeUnknown, "type \(type.rawValue) is not one of 1 to \(EventType.last)")
        }
        if event.itemID.isEmpty && type.needsItem {
            return Refusal(.itemMissing, "item_id is empty, and \(type.name) is about an item")
        }
        return reason(time: event.timeMs) ?? reason(numbers: event) ?? reason(texts: event)
    }

    private func reason(time: Int64) -> Refusal? {
        if time < RecordLimits.timeMsMin {
            return Refusal(
                .timeOutOfRange,
                "time_ms \(time) is before the year 2000; it must be Unix milliseconds")
        }
        if time > timeMsMax {
            return Refusal(
                .timeOutOfRange, "time_ms \(time) is more than a day ahead of the server's clock")
        }
        return nil
    }

    private func reason(numbers event: EventFields) -> Refusal? {
        if !event.price.isFinite || !event.value.isFinite || !event.discount.isFinite {
            return Refusal(.numberNotFinite, "price, discount or value is not a finite number")
        }
        if event.discount < 0 || event.discount > RecordLimits.priceMax {
            return Refusal(.numberOutOfRange, "discount must be 0 to 1e9")
        }
        if event.price < 0 || event.price > RecordLimits.priceMax {
            return Refusal(.numberOutOfRange, "price must be 0 to 1e9")
        }
        if abs(event.value) > RecordLimits.valueMax {
            return Refusal(.numberOutOfRange, "value must be -1e9 to 1e9")
        }
        if event.quantity > RecordLimits.quantityMax {
            return Refusal(.numberOutOfRange, "quantity must be at most 1,000,000")
        }
        return nil
    }

    private func reason(texts event: EventFields) -> Refusal {
        let longest: [(String, Int, Int)] = [
            ("user_id", Int(event.userID.length), RecordLimits.idBytesMax),
            ("item_id", Int(event.itemID.length), RecordLimits.idBytesMax),
            ("category", Int(event.category.length), RecordLimits.categoryBytesMax),
            ("text", Int(event.text.length), RecordLimits.textBytesMax),
        ]
        for (name, length, limit) in longest where length > limit {
            return Refusal(.textTooLong, "\(name) has \(length) bytes; the limit is \(limit)")
        }
        if event.properties > UInt32(RecordLimits.propertiesMax) {
            return Refusal(.textTooLong, "more than \(RecordLimits.propertiesMax) properties")
        }
        return Refusal(
            .textTooLong, "a text has more than \(RecordLimits.wordBytesMax) bytes")
    }

    /// Checks an item of the catalogue.
    package func refusal(of item: Item) -> Refusal? {
        if item.itemID.isEmpty { return Refusal(.itemMissing, "item_id is empty") }
        if !item.price.isFinite { return Refusal(.numberNotFinite, "price is not finite") }
        if item.price < 0 || item.price > RecordLimits.priceMax {
            return Refusal(.numberOutOfRange, "price must be 0 to 1e9")
        }
        if item.timeMs > timeMsMax {
            return Refusal(.timeOutOfRange, "time_ms is more than a day ahead")
        }
        let words = [item.brand, item.image] + item.keywords
        if item.itemID.utf8.count > RecordLimits.idBytesMax
            || item.category.utf8.count > RecordLimits.categoryBytesMax
            || item.title.utf8.count > RecordLimits.textBytesMax
            || words.contains(where: { $0.utf8.count > RecordLimits.wordBytesMax })
            || item.keywords.count > RecordLimits.keywordsMax
        {
            return Refusal(.textTooLong, "a text of the item is longer than its limit")
        }
        return refusal(of: item.properties)
    }

    /// Checks what a shop says of a user.
    package func refusal(of user: User) -> Refusal? {
        if user.userID.isEmpty { return Refusal(.userMissing, "user_id is empty") }
        if user.age > RecordLimits.ageMax {
            return Refusal(.numberOutOfRange, "age must be 0 to \(RecordLimits.ageMax)")
        }
        if user.timeMs > timeMsMax {
            return Refusal(.timeOutOfRange, "time_ms is more than a day ahead")
        }
        let words =
            [user.gender, user.occupation, user.education, user.income, user.region]
            + user.interests
        if user.userID.utf8.count > RecordLimits.idBytesMax
            || words.contains(where: { $0.utf8.count > RecordLimits.wordBytesMax })
            || user.interests.count > RecordLimits.keywordsMax
        {
            return Refusal(.textTooLong, "a text of the user is longer than its limit")
        }
        return refusal(of: user.properties)
    }

    private func refusal(of properties: [Property]) -> Refusal? {
        if properties.count > RecordLimits.propertiesMax {
            return Refusal(.textTooLong, "more than \(RecordLimits.propertiesMax) properties")
        }
        let long = properties.contains {
            max($0.key.utf8.count, $0.value.utf8.count) > RecordLimits.wordBytesMax
        }
        return long ? Refusal(.textTooLong, "a property is longer than its limit") : nil
    }
}
