/// An operator wants another number of processes of a role.
package struct ScaleRequest: WireMessage {
    package static let kind: Kind? = .scaleRequest

    /// Features or scoring.
    package var role = ""
    package var count: UInt32 = 0
    /// Instead of a count: as the configuration says, or the load.
    package var automatic = false

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &role)
            case 2: try reader.read(field, into: &count)
            case 3: try reader.read(field, into: &automatic)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, role)
        out.write(2, count)
        out.write(3, automatic)
    }
}

/// An operator wants processes started anew, one after the other, without a pause of the service.
package struct RestartRequest: WireMessage {
    package static let kind: Kind? = .restartRequest

    /// Ingest, features, trainer or scoring; empty = all.
    package var role = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &role)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, role)
    }
}

/// An operator wants the configuration read again; the answer's notes say what was done.
package struct ReloadRequest: WireMessage {
    package static let kind: Kind? = .reloadRequest

    /// Only say what would be done.
    package var dryRun = false

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &dryRun)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, dryRun)
    }
}
