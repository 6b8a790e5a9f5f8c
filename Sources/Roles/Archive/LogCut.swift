import PlainText
import Runtime
import Storage

/// Takes the end off the log of a folder that is not in use.
struct LogCut {
    private let folder: DataFolder

    init(_ folder: DataFolder) { self.folder = folder }

    /// Where every partition stood at a moment that the log reaches back to.
    static func offsets(of log: SQLiteEventLog, at timeMs: Int64) throws -> [UInt64] {
        if let ends = try log.offsets(at: timeMs) { return ends }
        let first = try log.receivedRange()?.lowerBound ?? 0
        throw ArchiveFailure.refused(
            "the log begins at \(Timestamp.text(first)), after \(Timestamp.text(timeMs))",
            hint: "choose a later moment; what was before is only in the base")
    }

    /// Removes what came in after the moment, unless the base is beyond it already.
    ///
    /// - Returns: how many records went.
    func cut(after timeMs: Int64, forgettingProducers: Bool) throws -> UInt64 {
        let log = try SQLiteEventLog(folder: folder.logFolder)
        let before = try log.ends().reduce(0, +)
        let ends = try Self.offsets(of: log, at: timeMs)
        let base = Base(folder)
        for partition in 0..<Endpoints.partitions {
            let offset = try base.offset(partition)
            guard offset <= ends[partition] else {
                throw ArchiveFailure.gap(
                    partition: partition, wanted: ends[partition], firstKept: offset)
            }
        }
        try log.cut(after: timeMs, forgettingProducers: forgettingProducers)
        return before - (try log.ends().reduce(0, +))
    }
}
