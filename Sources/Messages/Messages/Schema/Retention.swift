/// How much of the log is kept; with `now`, a pass begins if none is under way.
package struct RetentionRequest: WireMessage {
    package static let kind: Kind? = .retentionRequest

    package var now = false

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &now)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, now)
    }
}

/// What the log holds and what became of the rest.
package struct Retention: WireMessage {
    package static let kind: Kind? = .retention

    /// Idle, planning or removing.
    package var state = ""
    /// Records in the log.
    package var records: UInt64 = 0
    /// Records removed since ingest started.
    package var removedRecords: UInt64 = 0
    package var fileBytes: UInt64 = 0
    /// Of these, what is used again before the file grows.
    package var freeBytes: UInt64 = 0
    /// When the oldest and the newest record came in.
    package var oldestMs: Int64 = 0
    package var newestMs: Int64 = 0
    /// Passes that ended since ingest started, and when the last did.
    package var passes: UInt64 = 0
    package var lastPassMs: Int64 = 0
    /// Why the last pass could not do what it should; empty when it could.
    package var problem = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &state)
            case 2: try reader.read(field, into: &records)
            case 3: try reader.read(field, into: &removedRecords)
            case 4: try reader.read(field, into: &fileBytes)
            case 5: try reader.read(field, into: &freeBytes)
            case 6: try reader.read(field, into: &oldestMs)
            case 7: try reader.read(field, into: &newestMs)
            case 8: try reader.read(field, into: &passes)
            case 9: try reader.read(field, into: &lastPassMs)
            case 10: try reader.read(field, into: &problem)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, state)
        out.write(2, records)
        out.write(3, removedRecords)
        out.write(4, fileBytes)
        out.write(5, freeBytes)
        out.write(6, oldestMs)
        out.write(7, newestMs)
        out.write(8, passes)
        out.write(9, lastPassMs)
        out.write(10, problem)
    }
}
