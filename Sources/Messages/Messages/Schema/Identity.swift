/// One identifier of a person, and how it came to be one.
package struct Identity: WireMessage {
    package var userID = ""
    /// Of its oldest link; 0 where the producer told no time.
    package var linkedMs: Int64 = 0
    /// Who said so.
    package var source = ""
    /// To others of the person.
    package var links: UInt32 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &linkedMs)
            case 3: try reader.read(field, into: &source)
            case 4: try reader.read(field, into: &links)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, linkedMs)
        out.write(3, source)
        out.write(4, links)
    }
}
