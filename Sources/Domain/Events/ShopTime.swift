/// The shop's time: where windows end, and what ages are counted from.
///
/// It is the newest time of any record, but no record moves it further than a little beyond the
/// moment at which ingest received it, which stands beside it in the log. So one producer whose
/// clock runs ahead moves nobody else's windows: what lies ahead is folded, and counts in windows
/// when its time has come. Pure, and the same in every replay of a log.
package enum ShopTime {
    /// How far a record moves the shop's time. `receivedMs` is 0 where nobody received it, as in
    /// files that are folded without a cluster: then the time is taken as it is.
    @inlinable
    package static func moved(by timeMs: Int64, receivedMs: Int64) -> Int64 {
        guard receivedMs > 0 else { return timeMs }
        let (latest, isOver) = receivedMs.addingReportingOverflow(RecordLimits.nowAheadMsMax)
        return isOver ? timeMs : min(timeMs, latest)
    }
}
