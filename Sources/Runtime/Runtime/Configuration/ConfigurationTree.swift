import Foundation

/// A JSON5 document as Foundation decodes it.
enum ConfigurationTree: Decodable, Equatable {
    case object([String: ConfigurationTree])
    case array([ConfigurationTree])
    case text(String)
    case number(Double)
    case flag(Bool)
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let array = try? container.decode([ConfigurationTree].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: ConfigurationTree].self))
        }
    }

    /// The value as a person would write it, cut short.
    var words: String {
        switch self {
        case .object: "an object"
        case .array: "a list"
        case .text(let text): "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\""
        case .number(let number):
            Int(exactly: number).map { String($0) } ?? String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .null: "null"
        }
    }
}
