/// Asks a supervisor for the state of its roles.
package struct StatusRequest: WireMessage {
    package static let kind: Kind? = .statusRequest

    /// Its points are wanted too; empty = none.
    package var traceID: [UInt8] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &traceID)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, traceID)
    }
}

/// The state of one role, as its supervisor sees it.
package struct RoleStatus: WireMessage {
    package var role = ""
    package var index: UInt32 = 0
    /// Starting, ready, stopping, backing_off, failed, stopped.
    package var state = ""
    package var pid: UInt32 = 0
    package var restarts: UInt32 = 0
    package var uptimeMs: UInt64 = 0
    /// Since the last sign of life.
    package var silentMs: UInt64 = 0
    package var lastExit = ""
    package var loopLagUs: UInt32 = 0
    package var counters: [NamedValue] = []
    package var endpoints: [String] = []
    /// Why it is not ready; empty while it is.
    package var reason = ""
    /// Of its last sign of life.
    package var progress: UInt64 = 0
    package var waiting: UInt64 = 0
    package var refusing = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &role)
            case 2: try reader.read(field, into: &index)
            case 3: try reader.read(field, into: &state)
            case 4: try reader.read(field, into: &pid)
            case 5: try reader.read(field, into: &restarts)
            case 6: try reader.read(field, into: &uptimeMs)
            case 7: try reader.read(field, into: &silentMs)
            case 8: try reader.read(field, into: &lastExit)
            case 9: try reader.read(field, into: &loopLagUs)
            case 10: try reader.read(field, into: &counters)
            case 11: try reader.read(field, into: &endpoints)
            case 12: try reader.read(field, into: &reason)
            case 13: try reader.read(field, into: &progress)
            case 14: try reader.read(field, into: &waiting)
            case 15: try reader.read(field, into: &refusing)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, role)
        out.write(2, index)
        out.write(3, state)
        out.write(4, pid)
        out.write(5, restarts)
        out.write(6, uptimeMs)
        out.write(7, silentMs)
        out.write(8, lastExit)
        out.write(9, loopLagUs)
        out.write(10, counters)
        out.write(11, endpoints)
        out.write(12, reason)
        out.write(13, progress)
        out.write(14, waiting)
        out.write(15, refusing)
    }
}

/// The state of a supervisor and its roles.
package struct Status: WireMessage {
    package static let kind: Kind? = .status

    /// Starting, ready, degraded, stopping.
    package var state = ""
    package var build = ""
    package var uptimeMs: UInt64 = 0
    package var pid: UInt32 = 0
    package var roles: [RoleStatus] = []
    /// Of the supervisor itself, such as how long moved partitions paused.
    package var counters: [NamedValue] = []
    /// What a reload did, one line per changed key.
    package var notes: [String] = []
    /// Of the trace asked for, oldest first.
    package var traces: [TracePoint] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &state)
            case 2: try reader.read(field, into: &build)
            case 3: try reader.read(field, into: &uptimeMs)
            case 4: try reader.read(field, into: &pid)
            case 5: try reader.read(field, into: &roles)
            case 6: try reader.read(field, into: &counters)
            case 7: try reader.read(field, into: &notes)
            case 8: try reader.read(field, into: &traces)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, state)
        out.write(2, build)
        out.write(3, uptimeMs)
        out.write(4, pid)
        out.write(5, roles)
        out.write(6, counters)
        out.write(7, notes)
        out.write(8, traces)
    }
}
