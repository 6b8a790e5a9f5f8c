/// Who joined and who left audiences, and once a second how many are in each.
package struct AudiencesChanged: WireMessage {
    package static let kind: Kind? = .audiencesChanged

    /// Random per start of the trainer.
    package var incarnation: UInt64 = 0
    /// One more with each message; a gap says that changes were lost.
    package var sequence: UInt64 = 0
    package var moves: [AudienceMove] = []
    /// In the beacon: of every audience.
    package var counts: [AudienceCount] = []
    /// All users were read since the start, so that the counts are whole.
    package var complete = false
    /// Newest event time that conditions are judged at.
    package var asOfMs: Int64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &incarnation)
            case 2: try reader.read(field, into: &sequence)
            case 3: try reader.read(field, into: &moves)
            case 4: try reader.read(field, into: &counts)
            case 5: try reader.read(field, into: &complete)
            case 6: try reader.read(field, into: &asOfMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, incarnation)
        out.write(2, sequence)
        out.write(3, moves)
        out.write(4, counts)
        out.write(5, complete)
        out.write(6, asOfMs)
    }
}

/// One user's joining or leaving of an audience.
package struct AudienceMove: WireMessage {
    /// The tag that the audience is of.
    package var tag = ""
    package var userID = ""
    /// False: left.
    package var joined = false

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &tag)
            case 2: try reader.read(field, into: &userID)
            case 3: try reader.read(field, into: &joined)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, tag)
        out.write(2, userID)
        out.write(3, joined)
    }
}

/// How many are in an audience.
package struct AudienceCount: WireMessage {
    package var tag = ""
    package var users: UInt64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &tag)
            case 2: try reader.read(field, into: &users)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, tag)
        out.write(2, users)
    }
}
