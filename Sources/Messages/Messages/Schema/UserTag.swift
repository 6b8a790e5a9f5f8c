/// A tag that a user has, and why to believe it.
package struct UserTag: WireMessage {
    package var name = ""
    /// What its condition rests on: fact (what was told of the user), statistic (of events), model;
    /// of several the last.
    package var kind = ""
    /// Of the tag's value expression: a text, or a number as one, times and durations in
    /// milliseconds. Empty: the tag has none, or it is unknown.
    package var value = ""
    /// 0 to 1: the certainty of what models said that the condition asks for, the least of it; 1
    /// where it asks for none.
    package var confidence = 0.0
    /// The condition held then and holds now: the last event, or the hour when time alone brought
    /// it.
    package var sinceMs: Int64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &name)
            case 2: try reader.read(field, into: &kind)
            case 3: try reader.read(field, into: &value)
            case 4: try reader.read(field, into: &confidence)
            case 5: try reader.read(field, into: &sinceMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, name)
        out.write(2, kind)
        out.write(3, value)
        out.write(4, confidence)
        out.write(5, sinceMs)
    }
}
