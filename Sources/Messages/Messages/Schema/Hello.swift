/// First message of a role to its supervisor.
package struct Hello: WireMessage {
    package static let kind: Kind? = .hello

    /// Ingest, features, trainer, scoring.
    package var role = ""
    package var index: UInt32 = 0
    package var incarnation: UInt64 = 0
    package var pid: UInt32 = 0
    package var versionMin: UInt32 = 0
    package var versionMax: UInt32 = 0
    package var build = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &role)
            case 2: try reader.read(field, into: &index)
            case 3: try reader.readFixed64(field, into: &incarnation)
            case 4: try reader.read(field, into: &pid)
            case 5: try reader.read(field, into: &versionMin)
            case 6: try reader.read(field, into: &versionMax)
            case 7: try reader.read(field, into: &build)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, role)
        out.write(2, index)
        out.write(3, fixed64: incarnation)
        out.write(4, pid)
        out.write(5, versionMin)
        out.write(6, versionMax)
        out.write(7, build)
    }
}

/// The supervisor's answer to a hello.
package struct Welcome: WireMessage {
    package static let kind: Kind? = .welcome

    package var version: UInt32 = 0
    package var aliveEveryMs: UInt32 = 0
    /// Debug, info, warning or error; empty = as configured.
    package var logLevel = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &version)
            case 2: try reader.read(field, into: &aliveEveryMs)
            case 3: try reader.read(field, into: &logLevel)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, version)
        out.write(2, aliveEveryMs)
        out.write(3, logLevel)
    }
}

/// A role says that it serves, and where.
package struct Ready: WireMessage {
    package static let kind: Kind? = .ready

    package var endpoints: [String] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &endpoints)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, endpoints)
    }
}
