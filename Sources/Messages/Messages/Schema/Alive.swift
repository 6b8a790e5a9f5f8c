/// Sent by the loop that does the work, so that a stuck loop falls silent.
package struct Alive: WireMessage {
    package static let kind: Kind? = .alive

    /// Grows with work done.
    package var progress: UInt64 = 0
    /// Work known to wait.
    package var waiting: UInt64 = 0
    package var loopLagUs: UInt32 = 0
    package var counters: [NamedValue] = []
    /// Since the last one.
    package var traces: [TracePoint] = []
    /// Why the role refuses all of what it is there for; empty: it does not.
    package var refusing = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &progress)
            case 2: try reader.read(field, into: &waiting)
            case 3: try reader.read(field, into: &loopLagUs)
            case 4: try reader.read(field, into: &counters)
            case 5: try reader.read(field, into: &traces)
            case 6: try reader.read(field, into: &refusing)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, progress)
        out.write(2, waiting)
        out.write(3, loopLagUs)
        out.write(4, counters)
        out.write(5, traces)
        out.write(6, refusing)
    }
}
