import Events
import Messages
import Storage

/// Refused records that a person sends again.
extension Intake {
    /// Takes the record of a reject, as it was or corrected, and marks the reject in the same
    /// transaction: so it counts once, however often it is asked for.
    mutating func retry(
        _ stored: StoredReject, corrected: Record?, by name: String, nowMs: Int64
    ) -> RejectOutcome {
        var outcome = RejectOutcome()
        outcome.id = UInt64(bitPattern: stored.id)
        guard stored.retriedMs == 0, !retried.contains(where: { $0.id == stored.id }) else {
            outcome.done = true
            outcome.already = true
            return outcome
        }
        let record = corrected?.encoded() ?? stored.reject.record
        if let refusal = take(
            record.span, 0..<record.count, Validation(nowMs: nowMs), nowMs)
        {
            outcome.code = refusal.code
            outcome.message = refusal.message
            return outcome
        }
        retried.append(RejectMark(id: stored.id, atMs: nowMs, by: name))
        outcome.done = true
        return outcome
    }
}
