/// Where a part of a profile comes from.
package struct Provenance: WireMessage {
    /// A field of the profile, or one entry of it: `statistics`, `tags.vip`.
    package var part = ""
    /// What it was made from: events, records, links, statistics.
    package var source = ""
    /// What made it, where that can change: a model with its version, a condition, who linked.
    package var maker = ""
    /// Of the newest data in it; 0 where that is not known.
    package var asOfMs: Int64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &part)
            case 2: try reader.read(field, into: &source)
            case 3: try reader.read(field, into: &maker)
            case 4: try reader.read(field, into: &asOfMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, part)
        out.write(2, source)
        out.write(3, maker)
        out.write(4, asOfMs)
    }
}
