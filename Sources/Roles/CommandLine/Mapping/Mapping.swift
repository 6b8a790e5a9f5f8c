import Messages

/// How the columns of a file become records.
package struct Mapping: Sendable, Equatable {
    package enum Target: String, Sendable { case event, item, user }
    package enum Format: String, Sendable { case csv, jsonl }

    /// Where a field's text comes from.
    package enum Source: Sendable, Equatable {
        case column(String)
        case constant(String)
    }

    package var name: String
    package var target: Target = .event
    package var format: Format = .csv
    package var delimiter = ","
    package var hasHeader = true
    package var allowsQuotes = true
    /// Names of the columns when there is no header.
    package var columns: [String] = []
    /// Field of the record → where it comes from; fields as in the schema, snake_case.
    package var fields: [String: Source] = [:]
    /// Field → text in the file → text in the record. "*" stands for any other text.
    package var values: [String: [String: String]] = [:]
    /// Characters that divide a category path in the file; joined by "/" in the record.
    package var pathSeparator = ""
    /// Characters that divide keywords in the file.
    package var listSeparator = "|"
    package var timeFormat: TimeFormat = .seconds
    package var timeStartMs: Int64 = 946_771_200_000
    package var timeStepMs: Int64 = 60_000
    /// Rows whose column has this beginning are of this type, whatever else says.
    package var typeByPrefix: TypeRule?
    /// Fields of an item record that is made when an item is first seen; empty = none.
    package var itemFields: [String] = []

    package struct TypeRule: Sendable, Equatable {
        package var column: String
        package var prefix: String
        package var type: String
    }

    package init(name: String) { self.name = name }

    static let eventFields = [
        "event_id", "user_id", "type", "time", "item_id", "category", "brand", "price",
        "quantity", "value", "session_id", "text", "recommendation_id", "channel", "device",
        "region", "currency", "discount", "title",
    ]
    static let itemFieldNames = [
        "item_id", "title", "category", "brand", "price", "keywords", "image", "time",
    ]
    static let userFields = [
        "user_id", "gender", "age", "occupation", "education", "income", "region",
        "interests", "time",
    ]

    var allowedFields: [String] {
        switch target {
        case .event: Self.eventFields
        case .item: Self.itemFieldNames
        case .user: Self.userFields
        }
    }
}
