/// A place in the log of one partition.
package struct Position: WireMessage {
    package var partition: UInt32 = 0
    /// First record wanted; offsets count records of a partition from 0.
    package var offset: UInt64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &partition)
            case 2: try reader.read(field, into: &offset)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, partition)
        out.write(2, offset)
    }
}

/// Asks for records of several partitions at once; answered when something is there or wait_ms is
/// over.
package struct Fetch: WireMessage {
    package static let kind: Kind? = .fetch

    package var stream: LogStream = .unknown
    package var positions: [Position] = []
    package var creditBytes: UInt32 = 0
    package var waitMs: UInt32 = 0
    /// Everything before these offsets is durable with the reader; may be left out when nothing
    /// changed.
    package var committed: [Position] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &stream)
            case 2: try reader.read(field, into: &positions)
            case 3: try reader.read(field, into: &creditBytes)
            case 4: try reader.read(field, into: &waitMs)
            case 5: try reader.read(field, into: &committed)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, stream)
        out.write(2, positions)
        out.write(3, creditBytes)
        out.write(4, waitMs)
        out.write(5, committed)
    }
}
