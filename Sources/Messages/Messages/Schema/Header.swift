/// The first part of every frame.
package struct Header: WireMessage {
    /// 1.
    package var version: UInt32 = 0
    package var kind: Kind = .unknown
    /// Chosen by the asker, copied into the answer.
    package var requestID: UInt64 = 0
    /// Time the asker still waits, counted from receipt; 0 = the server's default.
    package var timeoutMs: UInt32 = 0
    /// 0 or 16 bytes, carried through all stages.
    package var traceID: [UInt8] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &version)
            case 2: try reader.read(field, into: &kind)
            case 3: try reader.readFixed64(field, into: &requestID)
            case 4: try reader.read(field, into: &timeoutMs)
            case 5: try reader.read(field, into: &traceID)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, version)
        out.write(2, kind)
        out.write(3, fixed64: requestID)
        out.write(4, timeoutMs)
        out.write(5, traceID)
    }
}
