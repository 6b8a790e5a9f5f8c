package import Messages

/// Limn's own records as JSON, with the field names of the schema.
package enum RecordJSON {
    /// One line of a file of records.
    package static func value(_ record: Record) -> JSONValue {
        switch record.content {
        case .event(let event): .object([("event", value(event))])
        case .item(let item): .object([("item", value(item))])
        case .user(let user): .object([("user", value(user))])
        case .link(let link): .object([("link", value(link))])
        case nil: .object([])
        }
    }

    package static func value(_ event: Event) -> JSONValue {
        var fields = JSONFields()
        fields.add("event_id", event.eventID)
        fields.add("user_id", event.userID)
        fields.add("type", event.type.name)
        fields.add("time_ms", event.timeMs)
        fields.add("item_id", event.itemID)
        fields.add("category", event.category)
        fields.add("brand", event.brand)
        fields.add("price", event.price)
        fields.add("quantity", Int64(event.quantity))
        fields.add("value", event.value)
        fields.add("session_id", event.sessionID)
        fields.add("text", event.text)
        fields.add("recommendation_id", event.recommendationID)
        fields.add("channel", event.channel)
        fields.add("device", event.device)
        fields.add("region", event.region)
        fields.add("currency", event.currency)
        fields.add("discount", event.discount)
        fields.add("properties", event.properties)
        return .object(fields.members)
    }

    package static func value(_ item: Item) -> JSONValue {
        var fields = JSONFields()
        fields.add("item_id", item.itemID)
        fields.add("title", item.title)
        fields.add("category", item.category)
        fields.add("brand", item.brand)
        fields.add("price", item.price)
        if item.unavailable { fields.members.append(("unavailable", .bool(true))) }
        fields.add("time_ms", item.timeMs)
        fields.add("keywords", item.keywords)
        fields.add("image", item.image)
        fields.add("properties", item.properties)
        return .object(fields.members)
    }

    package static func value(_ link: Link) -> JSONValue {
        var fields = JSONFields()
        fields.add("user_id", link.userID)
        fields.add("other_id", link.otherID)
        if link.undo { fields.members.append(("undo", .bool(true))) }
        fields.add("time_ms", link.timeMs)
        fields.add("source", link.source)
        return .object(fields.members)
    }

    package static func value(_ user: User) -> JSONValue {
        var fields = JSONFields()
        fields.add("user_id", user.userID)
        fields.add("gender", user.gender)
        fields.add("age", Int64(user.age))
        fields.add("occupation", user.occupation)
        fields.add("education", user.education)
        fields.add("income", user.income)
        fields.add("region", user.region)
        fields.add("time_ms", user.timeMs)
        fields.add("interests", user.interests)
        fields.add("properties", user.properties)
        return .object(fields.members)
    }
}

/// Members of an object; what is empty is left out.
struct JSONFields {
    var members: [(String, JSONValue)] = []

    mutating func add(_ name: String, _ text: String) {
        if !text.isEmpty { members.append((name, .string(text))) }
    }

    mutating func add(_ name: String, _ number: Int64) {
        if number != 0 { members.append((name, .integer(number))) }
    }

    mutating func add(_ name: String, _ number: Double) {
        if number != 0 { members.append((name, .number(number))) }
    }

    mutating func add(_ name: String, _ words: [String]) {
        if !words.isEmpty { members.append((name, .array(words.map { .string($0) }))) }
    }

    mutating func add(_ name: String, _ properties: [Property]) {
        if properties.isEmpty { return }
        members.append((name, .object(properties.map { ($0.key, .string($0.value)) })))
    }
}
