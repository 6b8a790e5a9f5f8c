package import Messages
import System
package import ZeroMQ

/// What became of everything a producer sent: `accepted + duplicates + rejected` = `records` once
/// flushed.
package struct ProducerTotals: Sendable, Equatable {
    package var batches: UInt64 = 0
    package var records: UInt64 = 0
    package var accepted: UInt64 = 0
    package var duplicates: UInt64 = 0
    package var rejected: UInt64 = 0
    /// Rounds of sending again.
    package var resends: UInt64 = 0
}

/// Sends numbered batches and resends until each is answered, so that every record has its effect
/// exactly once whatever breaks between. Belongs to one thread.
package final class ProducerClient {
    package let producer: String
    package let epoch: UInt64
    package private(set) var totals = ProducerTotals()
    /// Called for each answered batch, such as to show rejects.
    package var onResult: ((BatchResult) -> Void)?
    /// How long to wait for the answer to the oldest batch before sending again.
    package var resendAfter: Duration = .seconds(1)
    /// How long `send` may wait without any answer before it gives up.
    package var giveUpAfter: Duration = .seconds(60)

    /// 16 bytes by which the batches sent from now on can be followed; empty = none.
    package var traceID: [UInt8] = []

    private let source: String
    private let windowMax: Int
    private var socket: ClientSocket
    private var window = ProducerWindow()
    /// When the oldest unanswered batch last became the oldest, or everything was sent again.
    private var lastAdvance = Clock.monotonic()
    private var pausedUntil: Duration = .zero
    private var lastRefusal: RequestFailure?

    /// A new epoch must be greater than all before of this producer; it numbers batches from 1.
    package init(
        endpoint: String, keys: Keys, producer: String, epoch: UInt64, source: String = "",
        window: Int = 8, context: Context? = nil
    ) throws(RequestFailure) {
        precondition(window > 0 && window <= Limits.batchCredit)
        self.producer = producer
        self.epoch = epoch
        self.source = source
        windowMax = window
        socket = try ClientSocket(.eventClient, endpoint, keys, context)
    }

    /// The sequence number that a successor would have to resend from.
    package var firstUnacknowledged: UInt64 { window.firstUnacknowledged }

    /// Takes a batch over; blocks while the window is full.
    package func send(_ records: [Record]) throws(RequestFailure) {
        try send(count: records.count) { batch in
            batch.records = records
            return batch.encoded()
        }
    }

    /// Takes over a batch whose records are encoded already, each as a field 5 of `EventBatch`: for
    /// those who send the same bytes often, or build them faster than from structures.
    package func send(encoded records: [UInt8], count: Int) throws(RequestFailure) {
        try send(count: count) { batch in batch.encoded() + records }
    }

    /// `body` encodes the batch, whose head is filled in.
    private func send(
        count: Int, body: (inout EventBatch) -> [UInt8]
    ) throws(RequestFailure) {
        guard count > 0 else { return }
        if window.batches.isEmpty { lastAdvance = Clock.monotonic() }
        let deadline = Clock.monotonic() + giveUpAfter
        while window.batches.count >= windowMax { try advance(until: deadline) }
        var batch = EventBatch()
        batch.producer = producer
        batch.epoch = epoch
        batch.source = source
        window.add(records: count) { sequence in
            batch.sequence = sequence
            return body(&batch)
        }
        totals.batches += 1
        totals.records += UInt64(count)
        try transmit(until: Clock.monotonic())
    }

    /// Waits until everything is answered.
    package func flush(timeout: Duration = .seconds(60)) throws(RequestFailure) {
        let deadline = Clock.monotonic() + timeout
        while !window.batches.isEmpty { try advance(until: deadline) }
    }

    /// One step: send what may be sent, then wait for an answer or the time to send again.
    private func advance(until deadline: Duration) throws(RequestFailure) {
        let now = Clock.monotonic()
        if now >= deadline {
            throw lastRefusal ?? socket.absence()
        }
        if socket.isRefused() { throw socket.absence() }
        if now - lastAdvance >= resendAfter { restart(afterMs: 0) }
        try transmit(until: now)
        // While batches wait for a connection or a pause, look again soon.
        let next = window.nextToSend == nil ? lastAdvance + resendAfter : now + .milliseconds(20)
        let wake = min(deadline, next)
        guard let answer = try socket.receive(until: wake) else { return }
        let oldest = window.firstUnacknowledged
        try handle(answer)
        // Answers come in order, so later ones must not hide that an earlier one was lost.
        if window.firstUnacknowledged != oldest { lastAdvance = Clock.monotonic() }
    }

    private func transmit(until deadline: Duration) throws(RequestFailure) {
        guard Clock.monotonic() >= pausedUntil else { return }
        while let batch = window.nextToSend {
            let header = Header(
                kind: .eventBatch,
                requestID: ProducerWindow.requestID(
                    round: window.round, sequence: batch.sequence), traceID: traceID)
            guard try socket.send(Frame.encode(header, body: batch.body), until: deadline) else {
                return
            }
            window.noteSent()
        }
    }

    private func handle(_ answer: Answer) throws(RequestFailure) {
        let step: ProducerWindow.Step
        switch answer.header.kind {
        case .batchResult:
            step = window.acknowledged(try answer.decode(as: BatchResult.self))
        case .error:
            let refusal = answer.refusal
            guard case .refused(let code, let message, let retryAfterMs) = refusal else {
                throw refusal
            }
            lastRefusal = refusal
            step = window.refused(
                requestID: answer.requestID, code, message, retryAfterMs: retryAfterMs)
        default: step = .none
        }
        switch step {
        case .none: break
        case .settled(let result):
            lastRefusal = nil
            if result.already && totals.resends == 0 {
                // Never sent twice by this client, so an earlier run of the same producer did it.
                totals.duplicates += UInt64(result.accepted) + UInt64(result.duplicates)
            } else {
                totals.accepted += UInt64(result.accepted)
                totals.duplicates += UInt64(result.duplicates)
            }
            totals.rejected += UInt64(result.rejected)
            onResult?(result)
        case .resend(let afterMs): restart(afterMs: afterMs)
        case .fail(let code, let message): throw .refused(code, message, retryAfterMs: 0)
        }
    }

    private func restart(afterMs: UInt32) {
        if window.sent > 0 { totals.resends += 1 }
        window.restart()
        lastAdvance = Clock.monotonic()
        pausedUntil = lastAdvance + .milliseconds(Int64(afterMs))
    }
}
