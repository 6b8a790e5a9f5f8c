import Messages

/// What a producer has sent and not been answered for; pure, to test every order of answers.
struct ProducerWindow {
    /// One batch on its way.
    struct Batch {
        let sequence: UInt64
        let records: Int
        let body: [UInt8]
    }

    /// What the producer must do after an answer.
    enum Step: Equatable {
        case none
        case settled(BatchResult)
        /// Send everything again from the first unanswered batch, after a pause.
        case resend(afterMs: UInt32)
        case fail(ErrorCode, String)
    }

    private(set) var batches: [Batch] = []
    /// How many of `batches` were handed to the socket in this round.
    private(set) var sent = 0
    /// Grows with each resending, so that late refusals of an earlier round are known as such.
    private(set) var round: UInt64 = 0
    private(set) var nextSequence: UInt64 = 1

    var firstUnacknowledged: UInt64 { batches.first?.sequence ?? nextSequence }
    var nextToSend: Batch? { sent < batches.count ? batches[sent] : nil }

    /// Rounds are counted in the upper 24 bits of the request id.
    static func requestID(round: UInt64, sequence: UInt64) -> UInt64 {
        round << 40 | sequence & 0xff_ffff_ffff
    }

    mutating func add(records: Int, body: (_ sequence: UInt64) -> [UInt8]) {
        batches.append(
            Batch(sequence: nextSequence, records: records, body: body(nextSequence)))
        nextSequence += 1
    }

    mutating func noteSent() { sent += 1 }

    mutating func restart() {
        sent = 0
        round = (round + 1) & 0xff_ffff
    }

    /// An acknowledgement counts whenever it comes; the first one settles the batch.
    mutating func acknowledged(_ result: BatchResult) -> Step {
        guard let place = batches.firstIndex(where: { $0.sequence == result.sequence }) else {
            return .none
        }
        batches.remove(at: place)
        if place < sent { sent -= 1 }
        return .settled(result)
    }

    mutating func refused(
        requestID: UInt64, _ code: ErrorCode, _ message: String, retryAfterMs: UInt32
    ) -> Step {
        // After one refusal the batches behind it are refused too; one resending answers them all.
        guard requestID >> 40 == round else { return .none }
        let sequence = requestID & 0xff_ffff_ffff
        guard batches.contains(where: { $0.sequence & 0xff_ffff_ffff == sequence }) else {
            return .none
        }
        switch code {
        case .sequenceGap: return .resend(afterMs: max(retryAfterMs, 5))
        case .overloaded, .storageFailed, .diskFull, .internalError, .unavailable, .shuttingDown,
            .deadlineExceeded:
            return .resend(afterMs: max(retryAfterMs, 50))
        default: return .fail(code, message)
        }
    }
}
