import Messages

/// Puts texts into the fields of a record.
struct RecordBuilder: Sendable {
    struct Draft: Sendable {
        var event = Event()
        var item = Item()
        var user = User()
        var isNegative = false
    }

    let mapping: Mapping

    init(_ mapping: Mapping) { self.mapping = mapping }

    func draft() -> Draft { Draft() }

    func set(
        _ field: String, _ text: inout String, _ values: [String: String]?,
        _ draft: inout Draft
    ) throws(RowError) {
        if let values {
            if let value = values[text] ?? values["*"] {
                text = value
            } else if field == "type" {
                let known = values.keys.sorted().joined(separator: ", ")
                throw RowError(.type, "\"\(text)\" is none of \(known)")
            }
        }
        if text.isEmpty { return }
        switch mapping.target {
        case .event: try setEvent(field, text, &draft)
        case .item: try setItem(field, text, &draft.item)
        case .user: try setUser(field, text, &draft.user)
        }
    }

    private func setEvent(
        _ field: String, _ text: String, _ draft: inout Draft
    ) throws(RowError) {
        switch field {
        case "user_id": draft.event.userID = identifier(text)
        case "item_id": draft.event.itemID = text
        case "type":
            guard let type = EventType(name: text), type != .unknown else {
                throw RowError(.type, "\"\(text)\" is no type of event")
            }
            draft.event.type = type
        case "time": draft.event.timeMs = try time(text)
        case "category": draft.event.category = path(text)
        case "brand": draft.event.brand = text
        case "price":
            let price = try number(text)
            draft.event.price = price
        case "quantity":
            let pieces = try number(text)
            guard abs(pieces) <= 1e9 else { throw RowError(.number, "\(text) pieces") }
            draft.isNegative = pieces < 0
            draft.event.quantity = UInt32(abs(pieces).rounded())
        case "value": draft.event.value = try number(text)
        case "session_id": draft.event.sessionID = text
        case "text": draft.event.text = text
        case "recommendation_id": draft.event.recommendationID = text
        case "channel": draft.event.channel = text
        case "device": draft.event.device = text
        case "region": draft.event.region = text
        case "currency": draft.event.currency = text
        case "discount": draft.event.discount = try number(text)
        default: break
        }
    }

    private func setItem(
        _ field: String, _ text: String, _ item: inout Item
    ) throws(RowError) {
        switch field {
        case "item_id": item.itemID = text
        case "title": item.title = text
        case "category": item.category = path(text)
        case "brand": item.brand = text
        case "price": item.price = try number(text)
        case "image": item.image = text
        case "time": item.timeMs = try time(text)
        case "keywords": item.keywords = list(text)
        default: break
        }
    }

    private func setUser(
        _ field: String, _ text: String, _ user: inout User
    ) throws(RowError) {
        switch field {
        case "user_id": user.userID = identifier(text)
        case "gender": user.gender = text
        case "age":
            let age = try number(text)
            guard age >= 0, age <= 150 else { throw RowError(.number, "an age of \(text)") }
            user.age = UInt32(age)
        case "occupation": user.occupation = text
        case "education": user.education = text
        case "income": user.income = text
        case "region": user.region = text
        case "interests": user.interests = list(text)
        case "time": user.timeMs = try time(text)
        default: break
        }
    }

    /// Spreadsheets write whole numbers as 17850.0; the id is 17850.
    private func identifier(_ text: String) -> String {
        guard text.hasSuffix(".0"), Int64(text.dropLast(2)) != nil else { return text }
        return String(text.dropLast(2))
    }

    private func time(_ text: String) throws(RowError) -> Int64 {
        guard
            let time = mapping.timeFormat.milliseconds(
                text, startMs: mapping.timeStartMs, stepMs: mapping.timeStepMs)
        else {
            throw RowError(.time, "\"\(text)\" is no time of format \(mapping.timeFormat.rawValue)")
        }
        return time
    }

    private func number(_ text: String) throws(RowError) -> Double {
        guard let number = Double(text), number.isFinite else {
            throw RowError(.number, "\"\(text)\" is not a number")
        }
        return number
    }

    private func path(_ text: String) -> String {
        if mapping.pathSeparator.isEmpty { return text }
        if mapping.pathSeparator.hasSuffix("first") {
            return list(text).first ?? text
        }
        return text.replacing(mapping.pathSeparator, with: "/")
    }

    private func list(_ text: String) -> [String] {
        text.split(separator: mapping.listSeparator).map(String.init)
    }
}
