/// Two identifiers are of one person, or, with ``undo``, no longer.
package struct Link: WireMessage {
    /// The better known of the two: the person goes by the one of the oldest link.
    package var userID = ""
    /// Empty with ``undo``: every link of ``userID`` is undone.
    package var otherID = ""
    package var undo = false
    package var timeMs: Int64 = 0
    /// Who says so.
    package var source = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &otherID)
            case 3: try reader.read(field, into: &undo)
            case 4: try reader.read(field, into: &timeMs)
            case 5: try reader.read(field, into: &source)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, otherID)
        out.write(3, undo)
        out.write(4, timeMs)
        out.write(5, source)
    }
}
