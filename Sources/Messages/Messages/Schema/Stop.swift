/// The supervisor asks a role to drain and end.
package struct Stop: WireMessage {
    package static let kind: Kind? = .stop

    package var reason = ""
    package var graceMs: UInt32 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &reason)
            case 2: try reader.read(field, into: &graceMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, reason)
        out.write(2, graceMs)
    }
}

/// A role says that it is draining.
package struct Stopping: WireMessage {
    package static let kind: Kind? = .stopping

    package var reason = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &reason)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, reason)
    }
}
