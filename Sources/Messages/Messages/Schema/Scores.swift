/// Asks for the scores of given items for a user.
package struct ScoreRequest: WireMessage {
    package static let kind: Kind? = .scoreRequest

    package var userID = ""
    /// At most 1000.
    package var itemIDs: [String] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &itemIDs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, itemIDs)
    }
}

/// The answer to a score request.
package struct Scores: WireMessage {
    package static let kind: Kind? = .scores

    package var userID = ""
    /// In the order asked.
    package var items: [RecommendedItem] = []
    package var model = ""
    /// As in `Recommendations`.
    package var profileAgeMs: UInt32 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &items)
            case 3: try reader.read(field, into: &model)
            case 4: try reader.read(field, into: &profileAgeMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, items)
        out.write(3, model)
        out.write(4, profileAgeMs)
    }
}
