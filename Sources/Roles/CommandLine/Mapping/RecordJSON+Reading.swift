package import Messages
import PlainText

extension RecordJSON {
    /// Reads a record: `{"event": {…}}`, `{"item": …}`, `{"user": …}`, `{"link": …}`, or an
    /// event's fields alone.
    package static func record(_ value: JSONValue) throws(RowError) -> Record {
        guard let members = value.members else {
            throw RowError(.json, "a record is an object { … }")
        }
        var record = Record()
        if let item = value["item"], item.members != nil {
            record.content = .item(try self.item(item))
        } else if let user = value["user"], user.members != nil {
            record.content = .user(try self.user(user))
        } else if let link = value["link"], link.members != nil {
            record.content = .link(try self.link(link))
        } else {
            let content = value["event"] ?? .object(members)
            record.content = .event(try event(content))
        }
        return record
    }

    private static func link(_ value: JSONValue) throws(RowError) -> Link {
        var link = Link()
        for (key, field) in value.members ?? [] {
            switch key {
            case "user_id": link.userID = try text(key, field)
            case "other_id": link.otherID = try text(key, field)
            case "undo": link.undo = field == .bool(true)
            case "time_ms": link.timeMs = try whole(key, field)
            case "source": link.source = try text(key, field)
            default: throw unknown(key, ["user_id", "other_id", "undo", "time_ms", "source"])
            }
        }
        if link.userID.isEmpty { throw RowError(.missing, "user_id is empty") }
        return link
    }

    private static func event(_ value: JSONValue) throws(RowError) -> Event {
        var event = Event()
        for (key, field) in value.members ?? [] {
            switch key {
            case "event_id": event.eventID = try text(key, field)
            case "user_id": event.userID = try text(key, field)
            case "type":
                guard let type = EventType(name: try text(key, field)), type != .unknown else {
                    throw RowError(.type, "\(field.rendered()) is no type of event", column: key)
                }
                event.type = type
            case "time_ms": event.timeMs = try whole(key, field)
            case "time":
                guard let time = TimeFormat.iso(Array(try text(key, field).utf8)) else {
                    throw RowError(.time, "\(field.rendered()) is no ISO time", column: key)
                }
                event.timeMs = time
            case "item_id": event.itemID = try text(key, field)
            case "category": event.category = try text(key, field)
            case "brand": event.brand = try text(key, field)
            case "price": event.price = try number(key, field)
            case "quantity": event.quantity = try small(key, field)
            case "value": event.value = try number(key, field)
            case "session_id": event.sessionID = try text(key, field)
            case "text": event.text = try text(key, field)
            case "recommendation_id": event.recommendationID = try text(key, field)
            case "channel": event.channel = try text(key, field)
            case "device": event.device = try text(key, field)
            case "region": event.region = try text(key, field)
            case "currency": event.currency = try text(key, field)
            case "discount": event.discount = try number(key, field)
            case "properties": event.properties = properties(field)
            default: throw unknown(key, Mapping.eventFields + ["time_ms", "properties"])
            }
        }
        if event.userID.isEmpty { throw RowError(.missing, "user_id is empty") }
        if event.type == .unknown { throw RowError(.missing, "type is empty") }
        return event
    }

    private static func item(_ value: JSONValue) throws(RowError) -> Item {
        var item = Item()
        for (key, field) in value.members ?? [] {
            switch key {
            case "item_id": item.itemID = try text(key, field)
            case "title": item.title = try text(key, field)
            case "category": item.category = try text(key, field)
            case "brand": item.brand = try text(key, field)
            case "price": item.price = try number(key, field)
            case "unavailable": item.unavailable = field == .bool(true)
            case "time_ms": item.timeMs = try whole(key, field)
            case "keywords": item.keywords = field.elements?.compactMap(\.text) ?? []
            case "image": item.image = try text(key, field)
            case "properties": item.properties = properties(field)
            default: throw unknown(key, Mapping.itemFieldNames + ["unavailable", "properties"])
            }
        }
        if item.itemID.isEmpty { throw RowError(.missing, "item_id is empty") }
        return item
    }

    private static func user(_ value: JSONValue) throws(RowError) -> User {
        var user = User()
        for (key, field) in value.members ?? [] {
            switch key {
            case "user_id": user.userID = try text(key, field)
            case "gender": user.gender = try text(key, field)
            case "age": user.age = try small(key, field)
            case "occupation": user.occupation = try text(key, field)
            case "education": user.education = try text(key, field)
            case "income": user.income = try text(key, field)
            case "region": user.region = try text(key, field)
            case "time_ms": user.timeMs = try whole(key, field)
            case "interests": user.interests = field.elements?.compactMap(\.text) ?? []
            case "properties": user.properties = properties(field)
            default: throw unknown(key, Mapping.userFields + ["time_ms", "properties"])
            }
        }
        if user.userID.isEmpty { throw RowError(.missing, "user_id is empty") }
        return user
    }

    private static func text(_ key: String, _ value: JSONValue) throws(RowError) -> String {
        guard let text = value.text else {
            throw RowError(.json, "\(value.rendered()) is not a text", column: key)
        }
        return text
    }

    private static func number(_ key: String, _ value: JSONValue) throws(RowError) -> Double {
        guard let number = value.double, number.isFinite else {
            throw RowError(.number, "\(value.rendered()) is not a number", column: key)
        }
        return number
    }

    private static func whole(_ key: String, _ value: JSONValue) throws(RowError) -> Int64 {
        guard case .integer(let number) = value else {
            throw RowError(.number, "\(value.rendered()) is not a whole number", column: key)
        }
        return number
    }

    private static func small(_ key: String, _ value: JSONValue) throws(RowError) -> UInt32 {
        guard let number = UInt32(exactly: try whole(key, value)) else {
            throw RowError(.number, "\(value.rendered()) is out of range", column: key)
        }
        return number
    }

    private static func properties(_ value: JSONValue) -> [Property] {
        (value.members ?? []).map { key, text in
            var property = Property()
            property.key = key
            property.value = text.text ?? text.rendered()
            return property
        }
    }

    private static func unknown(_ key: String, _ known: [String]) -> RowError {
        let near = Suggestion.nearest(to: key, among: known).map { "; did you mean \($0)?" } ?? ""
        return RowError(.json, "there is no field \"\(key)\"\(near)", column: key)
    }
}
