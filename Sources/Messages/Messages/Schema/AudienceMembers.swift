/// Asks the trainer who is in an audience now, page by page.
package struct AudienceRequest: WireMessage {
    package static let kind: Kind? = .audienceRequest

    package var tag = ""
    /// ``AudienceMembers/next`` of the page before; 0 for the first.
    package var after: UInt64 = 0
    /// Users at most; 0 = 1,000, and no more.
    package var limit: UInt32 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &tag)
            case 2: try reader.read(field, into: &after)
            case 3: try reader.read(field, into: &limit)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, tag)
        out.write(2, after)
        out.write(3, limit)
    }
}

/// A page of an audience. Moves published after `sequence` of the first page bring the whole up to
/// date, whatever happened between the pages.
package struct AudienceMembers: WireMessage {
    package static let kind: Kind? = .audienceMembers

    package var tag = ""
    package var userIDs: [String] = []
    /// Of the whole audience.
    package var users: UInt64 = 0
    /// To ask for the next page; 0 when this is the last.
    package var next: UInt64 = 0
    /// As in ``AudiencesChanged``: of the newest message when this was written.
    package var incarnation: UInt64 = 0
    package var sequence: UInt64 = 0
    package var complete = false
    package var asOfMs: Int64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &tag)
            case 2: try reader.read(field, into: &userIDs)
            case 3: try reader.read(field, into: &users)
            case 4: try reader.read(field, into: &next)
            case 5: try reader.read(field, into: &incarnation)
            case 6: try reader.read(field, into: &sequence)
            case 7: try reader.read(field, into: &complete)
            case 8: try reader.read(field, into: &asOfMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, tag)
        out.write(2, userIDs)
        out.write(3, users)
        out.write(4, next)
        out.write(5, incarnation)
        out.write(6, sequence)
        out.write(7, complete)
        out.write(8, asOfMs)
    }
}
