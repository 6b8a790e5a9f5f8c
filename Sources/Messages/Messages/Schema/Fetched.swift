/// Consecutive records of one partition: each is a varint length and a Record (events) or
/// OutboxEntry (outbox).
package struct Block: WireMessage {
    package var partition: UInt32 = 0
    package var firstOffset: UInt64 = 0
    package var count: UInt32 = 0
    package var records: [UInt8] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &partition)
            case 2: try reader.read(field, into: &firstOffset)
            case 3: try reader.read(field, into: &count)
            case 4: try reader.read(field, into: &records)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, partition)
        out.write(2, firstOffset)
        out.write(3, count)
        out.write(4, records)
    }
}

/// The answer to a fetch.
package struct Fetched: WireMessage {
    package static let kind: Kind? = .fetched

    package var stream: LogStream = .unknown
    package var blocks: [Block] = []
    /// Next offset to be written, per partition asked for.
    package var ends: [Position] = []
    /// Of batches in these blocks that their producer gave a trace id.
    package var traces: [TraceMark] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &stream)
            case 2: try reader.read(field, into: &blocks)
            case 3: try reader.read(field, into: &ends)
            case 10: try reader.read(field, into: &traces)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, stream)
        out.write(2, blocks)
        out.write(3, ends)
        out.write(10, traces)
    }

    package var encodedBytesHint: Int {
        blocks.reduce(ends.count * 16) { $0 + $1.records.count + 32 }
    }
}
