/// A number with its name.
package struct NamedValue: WireMessage {
    package var name = ""
    package var value: Double = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &name)
            case 2: try reader.read(field, into: &value)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, name)
        out.write(2, value)
    }
}

/// A free key and value of a shop.
package struct Property: WireMessage {
    package var key = ""
    package var value = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &key)
            case 2: try reader.read(field, into: &value)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, key)
        out.write(2, value)
    }
}
