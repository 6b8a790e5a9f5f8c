/// The answer that says why a request was refused.
package struct ErrorReply: WireMessage {
    package static let kind: Kind? = .error

    package var code: ErrorCode = .noError
    /// For people; says what to do next.
    package var message = ""
    /// 0 = retrying the same request will not help.
    package var retryAfterMs: UInt32 = 0
    /// With `offsetOutOfRange`: the partition of which less is kept than was asked for …
    package var partition: UInt32 = 0
    /// … and the first offset that it still has.
    package var firstOffset: UInt64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &code)
            case 2: try reader.read(field, into: &message)
            case 3: try reader.read(field, into: &retryAfterMs)
            case 4: try reader.read(field, into: &partition)
            case 5: try reader.read(field, into: &firstOffset)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, code)
        out.write(2, message)
        out.write(3, retryAfterMs)
        out.write(4, partition)
        out.write(5, firstOffset)
    }
}
