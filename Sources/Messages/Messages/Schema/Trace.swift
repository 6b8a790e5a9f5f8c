/// Where the records of a traced batch end in a partition.
package struct TraceMark: WireMessage {
    package var traceID: [UInt8] = []
    package var partition: UInt32 = 0
    package var end: UInt64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &traceID)
            case 2: try reader.read(field, into: &partition)
            case 3: try reader.read(field, into: &end)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, traceID)
        out.write(2, partition)
        out.write(3, end)
    }
}

/// When a traced batch passed a stage.
package struct TracePoint: WireMessage {
    package var traceID: [UInt8] = []
    /// Accepted, durable, folded or visible.
    package var stage = ""
    /// Unix time in microseconds.
    package var wallUs: Int64 = 0
    /// Filled in by the supervisor, such as `features-0`.
    package var role = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &traceID)
            case 2: try reader.read(field, into: &stage)
            case 3: try reader.read(field, into: &wallUs)
            case 4: try reader.read(field, into: &role)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, traceID)
        out.write(2, stage)
        out.write(3, wallUs)
        out.write(4, role)
    }
}
