import Archive
import Events
import Foundation
import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Removing what is old, between commits, in steps so small that nobody waits for them.
extension IngestRole {
    /// Of its time, ingest gives at most a quarter to retention.
    private static let pauseShare = 3
    private static let pauseMin: Duration = .milliseconds(10)

    private var settings: Configuration.Retention { environment.configuration.retention }

    func scheduleRetention() {
        let look = min(max(settings.every / 4, .milliseconds(50)), .seconds(10))
        environment.loop.schedule(after: look, repeating: look) { [weak self] in
            self?.assumeIsolated { $0.lookAtRetention() }
        }
    }

    private func lookAtRetention() {
        let now = Clock.monotonic()
        let due = retention.nextAt ?? now + settings.every
        retention.nextAt = due
        if case .idle = retention.phase, now >= due { beginRetention() }
    }

    func take(retention header: Header, _ frame: Span<UInt8>, _ body: Range<Int>) -> [UInt8]? {
        do throws(FrameError) {
            let request = try Frame.decode(
                RetentionRequest.self, frame, body: body, header: header)
            if request.now, case .idle = retention.phase { beginRetention() }
        } catch {
            return error.reply
        }
        do {
            var answer = Retention()
            answer.state = retention.name
            answer.records = zip(ends, firsts).reduce(0) { $0 + ($1.0 - $1.1) }
            answer.removedRecords = retention.removedRecords
            let (all, free) = try log.use { try $0.fileBytes() }
            (answer.fileBytes, answer.freeBytes) = (UInt64(all), UInt64(free))
            let received = try log.use { try $0.receivedRange() } ?? 0...0
            (answer.oldestMs, answer.newestMs) = (received.lowerBound, received.upperBound)
            (answer.passes, answer.lastPassMs) = (retention.passes, retention.lastPassMs)
            answer.problem = retention.problem
            return Frame.answer(header, answer)
        } catch {
            return Frame.refuse(header, .storageFailed, "\(error)", retryAfterMs: 1000)
        }
    }

    private func beginRetention() {
        retention.nextAt = Clock.monotonic() + settings.every
        guard let lock = RetentionLock.alone(environment.folder) else {
            // A backup or a verification reads log and base; it will end.
            retention.postponed += 1
            retention.nextAt = Clock.monotonic() + min(settings.every, .seconds(5))
            return
        }
        retention.lock = lock
        retention.phase = .planning
        retention.problem = ""
        let plan = RetentionPlan(environment.folder, settings: settings, nowMs: Clock.wallMs())
        let thread = Thread { [weak self] in
            let outcome = Result { try plan.make() }
            Task { await self?.planned(outcome) }
        }
        thread.name = "retention"
        thread.start()
    }

    private func planned(_ outcome: Result<RetentionPlan.Outcome?, any Error>) {
        // The role may have stopped meanwhile.
        guard front != nil, case .planning = retention.phase else { return }
        switch outcome {
        case .success(let plan?):
            retention.steps = RetentionSteps(plan)
            retention.phase = .removing
            retentionStep()
        case .success(nil):
            endRetention()
        case .failure(let error):
            failRetention(error)
        }
    }

    func retentionStep() {
        guard front != nil else { return }
        retention.isWaiting = isWriting
        guard !isWriting else { return }
        let started = Clock.monotonicNs()
        do {
            let goesOn = try step()
            let taken = Clock.monotonicNs() - started
            retention.stepNsMax = max(retention.stepNsMax, taken)
            guard goesOn else { return endRetention() }
            let pause = Duration.nanoseconds(Int64(taken)) * Self.pauseShare
            environment.loop.schedule(after: max(pause, Self.pauseMin)) { [weak self] in
                self?.assumeIsolated { $0.retentionStep() }
            }
        } catch {
            if case StorageError.fatal = error { environment.fail(.io, "\(error)") }
            failRetention(error)
        }
    }

    /// One small piece of work; false when the log is done.
    private func step() throws -> Bool {
        guard let next = try log.use({ try retention.steps?.next($0, nowMs: Clock.wallMs()) })
        else { return false }
        switch next {
        case .kept(let block, let first):
            noteAppended(block, at: first)
            retention.keptItems += UInt64(block.count)
            return true
        case .removed, .done:
            let before = firsts.reduce(0, +)
            firsts = try log.use { try $0.firsts() }
            retention.removedRecords += firsts.reduce(0, +) - before
            if case .removed = next { return true }
            return false
        }
    }

    private func endRetention() {
        do {
            // Below what is kept nobody folds any more, not even from the base.
            let firsts = firsts
            try log.use { log in
                var quarantine = try log.quarantine()
                try quarantine.remove { $0.offset < firsts[$0.partition] }
            }
            if settings.producerAge > .zero {
                let now = Clock.wallMs()
                let silentSinceMs = now - settings.producerAge.milliseconds
                let names = try log.use {
                    try $0.forgetProducers(silentSinceMs: silentSinceMs, nowMs: now)
                }
                intake.forget(producers: names)
                retention.forgottenProducers += UInt64(names.count)
            }
        } catch {
            return failRetention(error)
        }
        retention.passes += 1
        retention.lastPassMs = Clock.wallMs()
        finishRetention()
    }

    private func failRetention(_ error: any Error) {
        retention.problem = ArchiveFailure(error).description
        environment.log.error("retention failed", ["error": retention.problem])
        finishRetention()
    }

    private func finishRetention() {
        retention.steps = nil
        retention.lock = nil
        retention.phase = .idle
    }
}
