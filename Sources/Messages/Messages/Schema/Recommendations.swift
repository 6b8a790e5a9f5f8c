/// Asks for recommendations for a user.
package struct RecommendRequest: WireMessage {
    package static let kind: Kind? = .recommendRequest

    package var userID = ""
    /// 0 = 10; at most 500.
    package var count: UInt32 = 0
    /// Only below this path.
    package var category = ""
    /// Item ids, such as the cart of the page.
    package var exclude: [String] = []
    /// Newest last; for visitors whose events have not been sent.
    package var recentItems: [String] = []
    package var includePurchased = false
    package var explain = false

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &count)
            case 3: try reader.read(field, into: &category)
            case 4: try reader.read(field, into: &exclude)
            case 5: try reader.read(field, into: &recentItems)
            case 6: try reader.read(field, into: &includePurchased)
            case 7: try reader.read(field, into: &explain)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, count)
        out.write(3, category)
        out.write(4, exclude)
        out.write(5, recentItems)
        out.write(6, includePurchased)
        out.write(7, explain)
    }
}

/// The answer to a recommend request.
package struct Recommendations: WireMessage {
    package static let kind: Kind? = .recommendations

    /// Put it on the events that follow.
    package var recommendationID = ""
    package var userID = ""
    package var items: [RecommendedItem] = []
    /// Not personal: nothing was known of the user.
    package var fallback = false
    package var profileVersion: UInt64 = 0
    package var profileAgeMs: UInt32 = 0
    /// Name/version of every model that took part.
    package var models: [String] = []
    /// How many candidates each rule removed.
    package var filtered: [NamedValue] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &recommendationID)
            case 2: try reader.read(field, into: &userID)
            case 3: try reader.read(field, into: &items)
            case 4: try reader.read(field, into: &fallback)
            case 5: try reader.read(field, into: &profileVersion)
            case 6: try reader.read(field, into: &profileAgeMs)
            case 7: try reader.read(field, into: &models)
            case 8: try reader.read(field, into: &filtered)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, recommendationID)
        out.write(2, userID)
        out.write(3, items)
        out.write(4, fallback)
        out.write(5, profileVersion)
        out.write(6, profileAgeMs)
        out.write(7, models)
        out.write(8, filtered)
    }
}
