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
package struct RecordField: Sendable {
    private typealias Path<Root, Value> = any WritableKeyPath<Root, Value> & Sendable

    private enum Access: Sendable {
        case eventText(Path<Event, String>), itemText(Path<Item, String>)
        case userText(Path<User, String>)
        case eventNumber(Path<Event, Double>), eventWhole(Path<Event, UInt32>)
        case itemNumber(Path<Item, Double>), userWhole(Path<User, UInt32>)
        case property(String)

        var isNumber: Bool {
            switch self {
            case .eventNumber, .eventWhole, .itemNumber, .userWhole: true
            case .eventText, .itemText, .userText, .property: false
            }
        }
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
        } else if let field = Self.table(kind).first(where: { $0.name == name }) {
            access = field.access
        } else {
            return nil
        }
    }

    private static let property = "properties."

    package static func texts(_ kind: RecordKind) -> [String] {
        table(kind).filter { !$0.access.isNumber }.map(\.name)
    }

    package static func numbers(_ kind: RecordKind) -> [String] {
        table(kind).filter(\.access.isNumber).map(\.name)
    }

    private static func table(_ kind: RecordKind) -> [(name: String, access: Access)] {
        switch kind {
        case .event: event
        case .item: item
        case .user: user
        }
    }

    private static let event: [(name: String, access: Access)] = [
        ("event_id", .eventText(\.eventID)), ("user_id", .eventText(\.userID)),
        ("item_id", .eventText(\.itemID)), ("category", .eventText(\.category)),
        ("brand", .eventText(\.brand)), ("session_id", .eventText(\.sessionID)),
        ("text", .eventText(\.text)), ("recommendation_id", .eventText(\.recommendationID)),
        ("channel", .eventText(\.channel)), ("device", .eventText(\.device)),
        ("region", .eventText(\.region)), ("currency", .eventText(\.currency)),
        ("price", .eventNumber(\.price)), ("quantity", .eventWhole(\.quantity)),
        ("value", .eventNumber(\.value)), ("discount", .eventNumber(\.discount)),
    ]

    private static let item: [(name: String, access: Access)] = [
        ("item_id", .itemText(\.itemID)), ("title", .itemText(\.title)),
        ("category", .itemText(\.category)), ("brand", .itemText(\.brand)),
        ("image", .itemText(\.image)), ("price", .itemNumber(\.price)),
    ]

    private static let user: [(name: String, access: Access)] = [
        ("user_id", .userText(\.userID)), ("gender", .userText(\.gender)),
        ("occupation", .userText(\.occupation)), ("education", .userText(\.education)),
        ("income", .userText(\.income)), ("region", .userText(\.region)),
        ("age", .userWhole(\.age)),
    ]

    package var isNumber: Bool { access.isNumber }

    /// Empty where it is missing.
    package func text(_ content: Record.Content) -> String {
        switch (access, content) {
        case (.eventText(let path), .event(let event)): return event[keyPath: path]
        case (.itemText(let path), .item(let item)): return item[keyPath: path]
        case (.userText(let path), .user(let user)): return user[keyPath: path]
        case (.property(let key), _):
            return content.properties.last { $0.key == key }?.value ?? ""
        default:
            let number = number(content)
            return number == 0 ? "" : Int(exactly: number).map { "\($0)" } ?? "\(number)"
        }
    }

    /// 0 where it is missing, and for texts.
    package func number(_ content: Record.Content) -> Double {
        switch (access, content) {
        case (.eventNumber(let path), .event(let event)): event[keyPath: path]
        case (.eventWhole(let path), .event(let event)): Double(event[keyPath: path])
        case (.itemNumber(let path), .item(let item)): item[keyPath: path]
        case (.userWhole(let path), .user(let user)): Double(user[keyPath: path])
        default: 0
        }
    }

    /// Writes a number; whole ones are rounded, and never below 0.
    package func set(_ number: Double, in content: inout Record.Content) {
        var whole: UInt32 {
            number.isNaN ? 0 : UInt32(min(max(number.rounded(), 0), Double(UInt32.max)))
        }
        switch (access, content) {
        case (.eventNumber(let path), .event(var event)):
            event[keyPath: path] = number
            content = .event(event)
        case (.eventWhole(let path), .event(var event)):
            event[keyPath: path] = whole
            content = .event(event)
        case (.itemNumber(let path), .item(var item)):
            item[keyPath: path] = number
            content = .item(item)
        case (.userWhole(let path), .user(var user)):
            user[keyPath: path] = whole
            content = .user(user)
        default: break
        }
    }

    /// Writes a text; a number field takes what is one.
    package func set(_ text: String, in content: inout Record.Content) {
        switch (access, content) {
        case (.eventText(let path), .event(var event)):
            event[keyPath: path] = text
            content = .event(event)
        case (.itemText(let path), .item(var item)):
            item[keyPath: path] = text
            content = .item(item)
        case (.userText(let path), .user(var user)):
            user[keyPath: path] = text
            content = .user(user)
        case (.property(let key), _):
            content.setProperty(key, text)
        default:
            if text.isEmpty {
                set(0, in: &content)
            } else if let number = Double(text), number.isFinite {
                set(number, in: &content)
            }
        }
    }
}

extension Record.Content {
    var properties: [Property] {
        switch self {
        case .event(let event): event.properties
        case .item(let item): item.properties
        case .user(let user): user.properties
        case .link: []
        }
    }

    /// Replaces what stands under the key; an empty value takes it out.
    fileprivate mutating func setProperty(_ key: String, _ value: String) {
        var changed = properties.filter { $0.key != key }
        if !value.isEmpty {
            var property = Property()
            property.key = key
            property.value = value
            changed.append(property)
        }
        switch self {
        case .event(var event):
            event.properties = changed
            self = .event(event)
        case .item(var item):
            item.properties = changed
            self = .item(item)
        case .user(var user):
            user.properties = changed
            self = .user(user)
        case .link: break
        }
    }
}
