/// Asks ingest for records that were refused, or to do something with them.
package struct RejectsRequest: WireMessage {
    package static let kind: Kind? = .rejectsRequest

    package var action: RejectsAction = .list
    /// Of retry and drop; of list: these and no others.
    package var ids: [UInt64] = []
    /// Only ids above.
    package var after: UInt64 = 0
    /// 0 = 100.
    package var limit: UInt32 = 0
    /// Only this code; none = all.
    package var code: ErrorCode = .noError
    /// Empty = all.
    package var producer = ""
    package var sinceMs: Int64 = 0
    /// What ended processes that applied it, instead of what was refused.
    package var quarantined = false
    /// Of retry: instead of what is kept.
    package var corrections: [Correction] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &action)
            case 2: try reader.readFixed64(field, into: &ids)
            case 3: try reader.read(field, into: &after)
            case 4: try reader.read(field, into: &limit)
            case 5: try reader.read(field, into: &code)
            case 6: try reader.read(field, into: &producer)
            case 7: try reader.read(field, into: &sinceMs)
            case 8: try reader.read(field, into: &quarantined)
            case 9: try reader.read(field, into: &corrections)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, action)
        out.write(2, fixed64: ids)
        out.write(3, after)
        out.write(4, limit)
        out.write(5, code)
        out.write(6, producer)
        out.write(7, sinceMs)
        out.write(8, quarantined)
        out.write(9, corrections)
    }
}

/// A record to be taken instead of a refused one.
package struct Correction: WireMessage {
    package var id: UInt64 = 0
    package var record: Record?

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.readFixed64(field, into: &id)
            case 2: try reader.read(field, into: &record)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, fixed64: id)
        out.write(2, record)
    }
}
