/// Batches of one producer are numbered 1, 2, 3 … within an epoch; a new epoch starts at 1. A
/// batch that was durable before is answered `already` with its first result and has no second
/// effect.
package struct EventBatch: WireMessage {
    package static let kind: Kind? = .eventBatch

    package var producer = ""
    package var epoch: UInt64 = 0
    package var sequence: UInt64 = 0
    package var source = ""
    package var records: [Record] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &producer)
            case 2: try reader.read(field, into: &epoch)
            case 3: try reader.read(field, into: &sequence)
            case 4: try reader.read(field, into: &source)
            case 5: try reader.read(field, into: &records)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, producer)
        out.write(2, epoch)
        out.write(3, sequence)
        out.write(4, source)
        out.write(5, records)
    }
}

/// Why one record of a batch was refused.
package struct Reject: WireMessage {
    /// Place in the batch.
    package var index: UInt32 = 0
    package var code: ErrorCode = .noError
    package var message = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &index)
            case 2: try reader.read(field, into: &code)
            case 3: try reader.read(field, into: &message)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, index)
        out.write(2, code)
        out.write(3, message)
    }
}

/// Sent only after everything accepted is on disk. accepted + duplicates + rejected = records of
/// the batch.
package struct BatchResult: WireMessage {
    package static let kind: Kind? = .batchResult

    package var sequence: UInt64 = 0
    package var accepted: UInt32 = 0
    package var duplicates: UInt32 = 0
    package var rejected: UInt32 = 0
    package var already = false
    package var rejects: [Reject] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &sequence)
            case 2: try reader.read(field, into: &accepted)
            case 3: try reader.read(field, into: &duplicates)
            case 4: try reader.read(field, into: &rejected)
            case 5: try reader.read(field, into: &already)
            case 6: try reader.read(field, into: &rejects)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, sequence)
        out.write(2, accepted)
        out.write(3, duplicates)
        out.write(4, rejected)
        out.write(5, already)
        out.write(6, rejects)
    }
}
