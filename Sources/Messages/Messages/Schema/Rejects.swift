/// A refused or quarantined record.
package struct RejectedRecord: WireMessage {
    package var id: UInt64 = 0
    package var producer = ""
    package var epoch: UInt64 = 0
    /// 0 = the batch had no number.
    package var sequence: UInt64 = 0
    /// Place in the batch.
    package var index: UInt32 = 0
    package var code: ErrorCode = .noError
    package var message = ""
    package var receivedMs: Int64 = 0
    /// As it came; may not be a `Record`.
    package var record: [UInt8] = []
    /// When it was sent again and taken; 0 = not.
    package var retriedMs: Int64 = 0
    /// Name of the key that asked for it.
    package var retriedBy = ""
    /// Of a quarantined record: where it stands in the log.
    package var partition: UInt32 = 0
    package var offset: UInt64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.readFixed64(field, into: &id)
            case 2: try reader.read(field, into: &producer)
            case 3: try reader.read(field, into: &epoch)
            case 4: try reader.read(field, into: &sequence)
            case 5: try reader.read(field, into: &index)
            case 6: try reader.read(field, into: &code)
            case 7: try reader.read(field, into: &message)
            case 8: try reader.read(field, into: &receivedMs)
            case 9: try reader.read(field, into: &record)
            case 10: try reader.read(field, into: &retriedMs)
            case 11: try reader.read(field, into: &retriedBy)
            case 12: try reader.read(field, into: &partition)
            case 13: try reader.read(field, into: &offset)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, fixed64: id)
        out.write(2, producer)
        out.write(3, epoch)
        out.write(4, sequence)
        out.write(5, index)
        out.write(6, code)
        out.write(7, message)
        out.write(8, receivedMs)
        out.write(9, record)
        out.write(10, retriedMs)
        out.write(11, retriedBy)
        out.write(12, partition)
        out.write(13, offset)
    }
}

/// What became of one id of a retry or drop.
package struct RejectOutcome: WireMessage {
    package var id: UInt64 = 0
    package var done = false
    /// Was done before.
    package var already = false
    /// Why not.
    package var code: ErrorCode = .noError
    package var message = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.readFixed64(field, into: &id)
            case 2: try reader.read(field, into: &done)
            case 3: try reader.read(field, into: &already)
            case 4: try reader.read(field, into: &code)
            case 5: try reader.read(field, into: &message)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, fixed64: id)
        out.write(2, done)
        out.write(3, already)
        out.write(4, code)
        out.write(5, message)
    }
}

/// The answer to a `RejectsRequest`.
package struct Rejects: WireMessage {
    package static let kind: Kind? = .rejects

    package var rejects: [RejectedRecord] = []
    package var outcomes: [RejectOutcome] = []
    package var kept: UInt64 = 0
    /// Given up by a person.
    package var dropped: UInt64 = 0
    /// Gone because there were too many.
    package var evicted: UInt64 = 0
    package var retried: UInt64 = 0
    /// Ever refused, by code.
    package var counts: [NamedValue] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &rejects)
            case 2: try reader.read(field, into: &outcomes)
            case 3: try reader.read(field, into: &kept)
            case 4: try reader.read(field, into: &dropped)
            case 5: try reader.read(field, into: &evicted)
            case 6: try reader.read(field, into: &retried)
            case 7: try reader.read(field, into: &counts)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, rejects)
        out.write(2, outcomes)
        out.write(3, kept)
        out.write(4, dropped)
        out.write(5, evicted)
        out.write(6, retried)
        out.write(7, counts)
    }
}
