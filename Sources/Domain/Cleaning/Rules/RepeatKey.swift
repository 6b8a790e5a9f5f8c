import Events
import Messages

/// What must be the same in two events for one to repeat the other, ready to be hashed.
struct RepeatKey: Sendable {
    /// Every field but `event_id`, time and properties included.
    static let whole = "all"
    static let exact = [whole]
    /// The same user does the same to the same item.
    static let about = ["user_id", "type", "item_id"]

    private static let type = "type"
    private static let time = "time_ms"

    private enum Part: Sendable {
        case type, time
        case field(RecordField)
    }

    private let isWhole: Bool
    private let parts: [Part]
    private let name: String

    /// Names that are none are left out: ``unknown(in:)`` says which those are. Equal events have
    /// other keys under another name.
    init(_ names: [String], name: String = "") {
        isWhole = names.contains(Self.whole)
        parts = names.compactMap { name in
            switch name {
            case Self.type: .type
            case Self.time: .time
            default: RecordField(name, of: .event).map { .field($0) }
            }
        }
        self.name = name
    }

    static func unknown(in names: [String]) -> [String] {
        names.filter {
            ![whole, type, time].contains($0) && RecordField($0, of: .event) == nil
        }
    }

    func hash(of event: Event, _ key: HashKey) -> UInt64 {
        let bytes = Self.framed(name) + bytes(of: event)
        return key.hash(bytes.span, in: 0..<bytes.count)
    }

    /// Behind its length, so that no text can pass for the beginning of another.
    private static func framed(_ text: String) -> [UInt8] {
        Array("\(text.utf8.count):\(text)".utf8)
    }

    private func bytes(of event: Event) -> [UInt8] {
        if isWhole {
            var bare = event
            bare.eventID = ""
            return bare.encoded()
        }
        let content = Record.Content.event(event)
        return parts.flatMap { part in
            switch part {
            case .type: Self.framed("\(event.type.rawValue)")
            case .time: Self.framed("\(event.timeMs)")
            case .field(let field): Self.framed(field.text(content))
            }
        }
    }
}
