package import Messages

/// What a record tells of.
package enum RecordKind: String, CaseIterable, Sendable {
    case event, item, user

    package init?(_ content: Record.Content) {
        switch content {
        case .event: self = .event
        case .item: self = .item
        case .user: self = .user
        case .link: return nil
        }
    }
}

/// A field of records by its name in the schema, or `properties.KEY`.
///
/// Nothing and zero are the same on the wire, and both are missing here.
package struct RecordField: Sendable, Hashable {
    private enum Access: Hashable {
        case text, number
        case property(String)
    }

    package let kind: RecordKind
    package let name: String
    private let access: Access

    /// Nil where records of the kind have no such field.
    package init?(_ name: String, of kind: RecordKind) {
        self.kind = kind
        self.name = name
        if name.hasPrefix(Self.property), name.utf8.count > Self.property.utf8.count {
            access = .property(String(name.dropFirst(Self.property.count)))
        } else if Self.texts(kind).contains(name) {
            access = .text
        } else if Self.numbers(kind).contains(name) {
            access = .number
        } else {
            return nil
        }
    }

    private static let property = "properties."

    package static func texts(_ kind: RecordKind) -> [String] {
        switch kind {
        case .event:
            [
                "event_id", "user_id", "item_id", "category", "brand", "session_id", "text",
                "recommendation_id", "channel", "device", "region", "currency",
            ]
        case .item: ["item_id", "title", "category", "brand", "image"]
        case .user: ["user_id", "gender", "occupation", "education", "income", "region"]
        }
    }

    package static func numbers(_ kind: RecordKind) -> [String] {
        switch kind {
        case .event: ["price", "quantity", "value", "discount"]
        case .item: ["price"]
        case .user: ["age"]
        }
    }

    package var isNumber: Bool { access == .number }

    /// Empty where it is missing.
    package func text(_ content: Record.Content) -> String {
        switch (access, content) {
        case (.number, _):
            let number = number(content)
            return number == 0 ? "" : Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case (.property(let key), _): return properties(content).last { $0.key == key }?.value ?? ""
        case (.text, .event(let event)):
            return Self.path(event: name).map { event[keyPath: $0] } ?? ""
        case (.text, .item(let item)): return Self.path(item: name).map { item[keyPath: $0] } ?? ""
        case (.text, .user(let user)): return Self.path(user: name).map { user[keyPath: $0] } ?? ""
        case (.text, .link): return ""
        }
    }

    /// 0 where it is missing, and for texts.
    package func number(_ content: Record.Content) -> Double {
        switch (name, content) {
        case ("price", .event(let event)): event.price
        case ("quantity", .event(let event)): Double(event.quantity)
        case ("value", .event(let event)): event.value
        case ("discount", .event(let event)): event.discount
        case ("price", .item(let item)): item.price
        case ("age", .user(let user)): Double(user.age)
        default: 0
        }
    }

    /// Writes a number; whole ones are rounded, and never below 0.
    package func set(_ number: Double, in content: inout Record.Content) {
        var whole: UInt32 {
            number.isNaN ? 0 : UInt32(min(max(number.rounded(), 0), Double(UInt32.max)))
        }
        switch (name, content) {
        case ("price", .event(var event)):
            event.price = number
            content = .event(event)
        case ("quantity", .event(var event)):
            event.quantity = whole
            content = .event(event)
        case ("value", .event(var event)):
            event.value = number
            content = .event(event)
        case ("discount", .event(var event)):
            event.discount = number
            content = .event(event)
        case ("price", .item(var item)):
            item.price = number
            content = .item(item)
        case ("age", .user(var user)):
            user.age = whole
            content = .user(user)
        default: break
        }
    }

    /// Writes a text; a number field takes what is one.
    package func set(_ text: String, in content: inout Record.Content) {
        switch (access, content) {
        case (.number, _):
            if text.isEmpty {
                set(0, in: &content)
            } else if let number = Double(text), number.isFinite {
                set(number, in: &content)
            }
        case (.property(let key), .event(var event)):
            Self.set(key, text, in: &event.properties)
            content = .event(event)
        case (.property(let key), .item(var item)):
            Self.set(key, text, in: &item.properties)
            content = .item(item)
        case (.property(let key), .user(var user)):
            Self.set(key, text, in: &user.properties)
            content = .user(user)
        case (.text, .event(var event)):
            if let path = Self.path(event: name) { event[keyPath: path] = text }
            content = .event(event)
        case (.text, .item(var item)):
            if let path = Self.path(item: name) { item[keyPath: path] = text }
            content = .item(item)
        case (.text, .user(var user)):
            if let path = Self.path(user: name) { user[keyPath: path] = text }
            content = .user(user)
        case (_, .link): break
        }
    }

    private static func set(_ key: String, _ value: String, in properties: inout [Property]) {
        properties.removeAll { $0.key == key }
        guard !value.isEmpty else { return }
        var property = Property()
        property.key = key
        property.value = value
        properties.append(property)
    }

    private func properties(_ content: Record.Content) -> [Property] {
        switch content {
        case .event(let event): event.properties
        case .item(let item): item.properties
        case .user(let user): user.properties
        case .link: []
        }
    }

    private static func path(event name: String) -> WritableKeyPath<Event, String>? {
        switch name {
        case "event_id": \.eventID
        case "user_id": \.userID
        case "item_id": \.itemID
        case "category": \.category
        case "brand": \.brand
        case "session_id": \.sessionID
        case "text": \.text
        case "recommendation_id": \.recommendationID
        case "channel": \.channel
        case "device": \.device
        case "region": \.region
        case "currency": \.currency
        default: nil
        }
    }

    private static func path(item name: String) -> WritableKeyPath<Item, String>? {
        switch name {
        case "item_id": \.itemID
        case "title": \.title
        case "category": \.category
        case "brand": \.brand
        case "image": \.image
        default: nil
        }
    }

    private static func path(user name: String) -> WritableKeyPath<User, String>? {
        switch name {
        case "user_id": \.userID
        case "gender": \.gender
        case "occupation": \.occupation
        case "education": \.education
        case "income": \.income
        case "region": \.region
        default: nil
        }
    }
}
