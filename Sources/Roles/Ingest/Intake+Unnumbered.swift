import Events
import Messages

/// Batches of producers that do not number them (sequence 0): each event is known by its id.
extension Intake {
    mutating func takeUnnumbered(
        _ frame: Span<UInt8>, _ batch: BatchFields, _ producer: String, _ sender: String,
        _ nowMs: Int64, admit: () -> Admission.Refused?
    ) -> Verdict {
        guard eventIDs.room(of: sender) >= ranges.count else {
            return .later(
                Admission.Refused(
                    code: .overloaded,
                    message: "no room to remember more event ids of this key "
                        + "(ingest.dedupeIdsMax); number the batches, or come again later; nothing "
                        + "was taken",
                    retryAfterMs: Self.noRoomRetryMs))
        }
        if let refused = admit() { return .later(refused) }
        let validation = Validation(nowMs: nowMs)
        let known = eventIDs.producer(frame, batch.producer.range, of: sender)
        var result = BatchResult()
        for (index, range) in ranges.enumerated() {
            if let poison, poison.begins(index, frame, range) {
                reject(frame, batch, producer, index, PoisonGuard.refusal, nowMs, &result)
                continue
            }
            let fate =
                switch clean(frame, range) {
                case .asItWas: takeOnce(frame, range, known, validation, nowMs)
                case .changed(let bytes):
                    takeOnce(bytes.span, 0..<bytes.count, known, validation, nowMs)
                case .refused(let refusal): Fate.refused(refusal)
                case .repeated: Fate.duplicate
                }
            switch fate {
            case .taken:
                noteTaken()
                result.accepted += 1
            case .duplicate: result.duplicates += 1
            case .refused(let refusal):
                reject(frame, batch, producer, index, refusal, nowMs, &result)
            }
        }
        return .taken(result)
    }

    private enum Fate {
        case taken
        case duplicate
        case refused(Refusal)
    }

    /// Takes a record unless it is an event whose id was there before. Items and users need no id:
    /// of two the last one wins, so one that comes twice does no harm.
    private mutating func takeOnce(
        _ frame: Span<UInt8>, _ range: Range<Int>, _ producer: EventIDMemory.Producer,
        _ validation: Validation, _ nowMs: Int64
    ) -> Fate {
        // The id of what is no good event is not looked at: `take` says what is wrong.
        if let record = try? RecordFields(frame, range), record.content == .event,
            validation.refusal(of: record.event) == nil
        {
            guard !record.event.eventID.isEmpty else {
                return .refused(
                    Refusal(
                        .eventIDMissing,
                        "event_id is empty; events of a batch without a number each need one"))
            }
            guard eventIDs.insert(frame, record.event.eventID.range, of: producer) else {
                return .duplicate
            }
        }
        return take(frame, range, validation, nowMs).map { .refused($0) } ?? .taken
    }

    /// Room comes when the oldest ids leave the window, which may take hours; asking is cheap.
    private static let noRoomRetryMs: UInt32 = 5000
}
