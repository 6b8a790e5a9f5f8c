import Messages
import Runtime
import Storage
import System

/// Following batches to which their producer gave a trace id; the others cost one look at a count.
extension IngestRole {
    /// Places remembered of traced batches.
    private static let marksMax = 256
    private static let marksAge: Duration = .seconds(60)

    func noteAccepted(_ header: Header, _ verdict: Intake.Verdict) {
        guard case .taken = verdict, TraceNotes.isTrace(header.traceID) else { return }
        traces.note(header.traceID, "accepted", environment.log)
    }

    /// A traced batch is where its whole group is: its partitions may be more than its own.
    func noteDurable(_ group: Group) {
        for (_, header, verdict) in answers where !header.traceID.isEmpty {
            guard case .taken = verdict, TraceNotes.isTrace(header.traceID) else { continue }
            traces.note(header.traceID, "durable", environment.log)
            for block in group.blocks where marks.count < Self.marksMax {
                var mark = TraceMark()
                mark.traceID = header.traceID
                mark.partition = UInt32(block.partition)
                mark.end = ends[block.partition]
                marks.append((mark, Clock.monotonic()))
            }
        }
    }

    /// The marks of batches whose end lies in these blocks.
    func marks(in blocks: [Block]) -> [TraceMark] {
        guard !marks.isEmpty else { return [] }
        return marks.map(\.mark).filter { mark in
            blocks.contains { block in
                block.partition == mark.partition && mark.end > block.firstOffset
                    && mark.end <= block.firstOffset + UInt64(block.count)
            }
        }
    }

    /// Whoever has not fetched them by now is far behind.
    func forgetOldMarks() {
        guard !marks.isEmpty else { return }
        let now = Clock.monotonic()
        marks.removeAll { now - $0.at > Self.marksAge }
    }
}
