import Events
import Foundation
import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Making groups durable, on a thread of their own: whoever fetches is answered meanwhile from
/// memory, however slow the disk is. Everything else waits, so that one group is under way at a
/// time and nothing builds on what is not written.
extension IngestRole {
    /// Writes what was gathered, if anything was, and answers.
    func commit() {
        guard !intake.isEmpty else { return sendAnswers(failure: nil) }
        let group = intake.takeGroup()
        if Fault.ackBeforeCommit.isOn { answerTooEarly() }
        let notes = notes(of: group)
        writing = (Clock.monotonic(), counts.progress)
        log.append(group, notes, receivedMs: Clock.wallMs()) { [weak self, environment] in
            let (written, ns) = ($0, $1)
            environment.loop.perform { [weak self] in
                self?.assumeIsolated { $0.finish(group, notes, written, ns: ns) }
            }
        }
    }

    private func finish(
        _ group: Group, _ notes: LogNotes, _ written: Result<[UInt64], StorageError>, ns: UInt64
    ) {
        writing = nil
        switch written {
        case .success(let firsts):
            counts.note(group, ns: ns)
            take(group, notes, firsts)
        case .failure(let error): forget(group, error)
        }
        if retention.isWaiting { retentionStep() }
        answerFetches()
        if let stopping {
            self.stopping = nil
            return stopping.resume()
        }
        listen()
        turn()
    }

    private func take(_ group: Group, _ notes: LogNotes, _ firsts: [UInt64]) {
        noteWritten(group, notes)
        for (block, first) in zip(group.blocks, firsts) {
            noteAppended(block, at: first)
            backlog.append(
                block.partition, end: ends[block.partition], bytes: block.records.count)
        }
        noteDurable(group)
        sendAnswers(failure: nil)
    }

    /// A block is on disk, and from now on there for those who fetch.
    func noteAppended(_ block: PendingBlock, at first: UInt64) {
        ends[block.partition] = first + UInt64(block.count)
        tail.append(
            TailCache.CachedBlock(
                partition: block.partition, firstOffset: first, count: block.count,
                records: block.records))
        if block.partition == Partitions.catalogue, snapshots.isDue(appended: block.count) {
            makeSnapshot()
        }
    }

    /// Writes the snapshot of the catalogue anew, on a thread with a connection of its own.
    private func makeSnapshot() {
        let environment = environment
        let thread = Thread { [weak self] in
            let made: (records: Int, missing: Int)?
            do {
                let log = try SQLiteEventLog(
                    folder: environment.folder.logFolder, readOnly: true)
                let reading = try CatalogueReading(log, environment)
                made = (reading.snapshot.count, try reading.saveIfWorth())
            } catch {
                made = nil
                environment.log.warning(
                    "no snapshot of the catalogue was made", ["error": "\(error)"])
            }
            Task { await self?.endSnapshot(made) }
        }
        thread.name = "snapshot"
        thread.start()
    }

    private func endSnapshot(_ made: (records: Int, missing: Int)?) { snapshots.end(made) }

    private func forget(_ group: Group, _ error: StorageError) {
        intake.forget(group)
        admission.giveUpGroup()
        var isDiskFull = false
        if case .diskFull = error { isDiskFull = true }
        admission.noteFailure(
            "the event log cannot be written: \(error)", isDiskFull: isDiskFull,
            atMs: Clock.monotonic().milliseconds)
        counts.failedCommits += 1
        environment.log.error("commit failed", ["error": "\(error)"])
        sendAnswers(failure: error)
        if case .fatal = error { environment.fail(.io, "\(error)") }
    }

    /// Until the group under way is written.
    func written() async {
        guard isWriting else { return }
        await withCheckedContinuation { stopping = $0 }
    }

    /// What must never happen, long enough before the commit for a test to see it.
    private func answerTooEarly() {
        sendAnswers(failure: nil)
        Clock.pause(.milliseconds(20))
    }

    private func sendAnswers(failure: (any Error)?) {
        defer { answers.removeAll(keepingCapacity: true) }
        if !retryAnswers.isEmpty { sendRetryAnswers(failure: failure) }
        for (routing, header, verdict) in answers {
            let answer: [UInt8]
            switch verdict {
            case .refused(let refusal):
                counts.note(refused: refusal.code)
                answer = Frame.refuse(header, refusal.code, refusal.message)
            case .later(let refused):
                counts.note(refused: refused.code)
                answer = Frame.refuse(
                    header, refused.code, refused.message, retryAfterMs: refused.retryAfterMs)
            case .taken(let result), .already(let result):
                if let failure {
                    answer = refusal(header, failure)
                } else {
                    counts.note(result)
                    answer = Frame.answer(header, result)
                }
            }
            front?.reply(to: routing, answer)
        }
    }

    func refusal(_ header: Header, _ error: any Error) -> [UInt8] {
        switch error {
        case StorageError.diskFull:
            Frame.refuse(
                header, .diskFull, "the disk of the event log is full; nothing was taken",
                retryAfterMs: 1000)
        default:
            Frame.refuse(
                header, .storageFailed, "the event log cannot be written: \(error)",
                retryAfterMs: 1000)
        }
    }
}
