package import Runtime
package import System

/// One role's process as the supervisor sees it: events and time in, actions out. No clock, no
/// process, no randomness of its own.
package struct RoleLifecycle: Sendable {
    package enum State: Sendable, Equatable {
        /// Not to be started yet.
        case waiting
        case starting(since: Duration)
        case ready(since: Duration)
        case stopping(StopStep, since: Duration)
        /// Silent or never ready: told to die, so that what it was doing is left as a core.
        case aborting(since: Duration, killed: Bool)
        case backingOff(until: Duration)
        /// nil = starting again cannot help.
        case failed(retryAt: Duration?)
        case stopped
    }

    package enum StopStep: Sendable, Equatable {
        case asked, terminated, killed
    }

    package enum Event: Sendable, Equatable {
        case start
        case spawned
        case spawnFailed(String)
        /// Its first words; only a greeted role can be asked to stop.
        case greeted
        case ready
        case alive
        /// What a sign of life said of its work.
        case worked(progress: UInt64, waiting: UInt64)
        case exited(ExitStatus)
        case stop
        case tick
    }

    package enum Action: Sendable, Equatable {
        case spawn
        case askToStop
        case signal(Int32)
        case report(Log.Level, String)
    }

    package internal(set) var limits: Configuration.Supervisor
    package private(set) var state = State.waiting
    package private(set) var restarts: UInt32 = 0
    package private(set) var lastExit = ""
    /// Why it is not ready; empty while it is, or before anything went wrong.
    package private(set) var reason = ""
    package private(set) var lastSign: Duration = .zero
    /// The exit code of the last end, if it was an exit.
    package private(set) var lastExitCode: Int32?
    /// True once it has been ready or has ended for the first time: the next role need not wait.
    package private(set) var hasSettled = false

    private var isGreeted = false
    private var deaths: [Duration] = []
    private var attempts = 0
    // After a failure one attempt is made at a time.
    private var isProbing = false
    private var lastTick: Duration?
    private var stuck = StuckWatch()
    /// How far a long start was at the last sign of life, and since when.
    private var startProgress: (value: UInt64, at: Duration)?

    /// What waits between SIGABRT and SIGKILL.
    static let abortGrace: Duration = .seconds(2)
    /// A role that was ready for so long has shown that it can work: its end counts as an accident,
    /// and it is started again after the shortest pause, however often that happens.
    static let provenAfter: Duration = .seconds(1)
    /// A supervisor that slept longer than this between two ticks blames itself, not the role.
    static let sleptMin: Duration = .seconds(1)

    package init(limits: Configuration.Supervisor) {
        self.limits = limits
    }

    /// Whether a process exists.
    package var isRunning: Bool {
        switch state {
        case .starting, .ready, .stopping, .aborting: true
        case .waiting, .backingOff, .failed, .stopped: false
        }
    }

    /// Takes an event; `jitter` from -1 to 1 spreads restarts by 20 %.
    package mutating func handle(
        _ event: Event, at now: Duration, jitter: Double = 0
    ) -> [Action] {
        switch event {
        case .start:
            guard state == .waiting || state == .stopped else { return [] }
            return spawn(now)
        case .spawned: return []
        case .spawnFailed(let text): return died(text, now, jitter)
        case .greeted, .alive:
            lastSign = now
            if event == .greeted { isGreeted = true }
            return []
        case .worked(let progress, let waiting):
            if case .starting = state {
                if progress > startProgress?.value ?? 0 { startProgress = (progress, now) }
                return []
            }
            stuck.note(progress: progress, waiting: waiting, at: now)
            return []
        case .ready:
            lastSign = now
            guard case .starting = state else { return [] }
            state = .ready(since: now)
            reason = ""
            hasSettled = true
            return [.report(.info, "ready")]
        case .exited(let status): return exited(status, now, jitter)
        case .stop: return stop(now)
        case .tick: return tick(now)
        }
    }

    private mutating func spawn(_ now: Duration) -> [Action] {
        state = .starting(since: now)
        lastSign = now
        isGreeted = false
        stuck = StuckWatch()
        startProgress = nil
        return [.spawn]
    }

    private mutating func stop(_ now: Duration) -> [Action] {
        switch state {
        case .waiting, .backingOff, .failed, .stopped:
            state = .stopped
            return []
        case .starting, .ready:
            if isGreeted {
                state = .stopping(.asked, since: now)
                return [.askToStop]
            }
            state = .stopping(.terminated, since: now)
            return [.signal(Signals.terminate)]
        case .aborting:
            state = .stopping(.killed, since: now)
            return [.signal(Signals.kill)]
        case .stopping: return []
        }
    }

    private mutating func exited(
        _ status: ExitStatus, _ now: Duration, _ jitter: Double
    ) -> [Action] {
        guard isRunning else { return [] }
        lastExit = status.description
        lastExitCode = if case .exited(let code) = status { code } else { nil }
        if case .stopping = state {
            state = .stopped
            return [.report(.info, "stopped (\(status))")]
        }
        if let code = lastExitCode, let exit = ExitClass(rawValue: code), !exit.mayRestart {
            hasSettled = true
            state = .failed(retryAt: nil)
            reason = "failed with \(status): not started again until it is mended"
            return [.report(.error, reason)]
        }
        if case .aborting = state { return died("\(reason), ended with \(status)", now, jitter) }
        return died("ended with \(status)", now, jitter)
    }

    private mutating func died(_ why: String, _ now: Duration, _ jitter: Double) -> [Action] {
        hasSettled = true
        deaths = deaths.filter { now - $0 < limits.restartsWithin }
        if case .ready(let since) = state, now - since >= Self.provenAfter {
            attempts = 0
            isProbing = false
        } else {
            deaths.append(now)
        }
        if isProbing || deaths.count > limits.restartsMax {
            isProbing = true
            deaths = []
            state = .failed(retryAt: now + limits.failedRetry)
            let retry = DurationText.write(limits.failedRetry)
            reason = "\(why); failed too often, tried again every \(retry)"
            return [.report(.error, "\(why); failed too often, next try in \(retry)")]
        }
        let pause = backoff(jitter)
        attempts += 1
        state = .backingOff(until: now + pause)
        reason = why
        return [.report(.warning, "\(why); restart in \(pause.milliseconds) ms")]
    }

    /// 0.1 s doubling to 5 s by default, ±20 %.
    private func backoff(_ jitter: Double) -> Duration {
        let doubled = limits.backoffFirst * (1 << min(attempts, 20))
        return min(doubled, limits.backoffMax) * (1 + 0.2 * max(-1, min(1, jitter)))
    }

    private mutating func tick(_ now: Duration) -> [Action] {
        if let lastTick, now - lastTick > Self.sleptMin { excuse(now - lastTick) }
        lastTick = now
        switch state {
        case .waiting, .stopped: return []
        case .backingOff(let until): return now >= until ? respawn(now) : []
        case .failed(let retryAt):
            guard let retryAt, now >= retryAt else { return [] }
            return respawn(now)
        case .starting(let since):
            // A start that has much to read may go on for as long as it gets on.
            let movedAt = max(since, startProgress?.at ?? since)
            guard now - movedAt >= limits.readyTimeout else { return [] }
            state = .aborting(since: now, killed: false)
            reason = "not ready after \(DurationText.write(limits.readyTimeout))"
            return [.report(.error, reason), .signal(Signals.abort)]
        case .ready:
            guard let fault = fault(at: now) else { return [] }
            state = .aborting(since: now, killed: false)
            reason = fault
            return [.report(.error, fault), .signal(Signals.abort)]
        case .aborting(let since, false) where now - since >= Self.abortGrace:
            state = .aborting(since: since, killed: true)
            return [.signal(Signals.kill)]
        case .aborting: return []
        case .stopping(let step, let since): return tickStopping(step, since, now)
        }
    }

    /// What is wrong with a role that says it is ready.
    private func fault(at now: Duration) -> String? {
        if now - lastSign >= limits.silentMax {
            return "silent for \(DurationText.write(limits.silentMax))"
        }
        guard stuck.stuckFor(at: now) >= limits.stuckMax else { return nil }
        let limit = DurationText.write(limits.stuckMax)
        return "no progress for \(limit) while \(stuck.waiting) wait"
    }

    private mutating func tickStopping(
        _ step: StopStep, _ since: Duration, _ now: Duration
    ) -> [Action] {
        guard now - since >= limits.stopGrace else { return [] }
        switch step {
        case .asked:
            state = .stopping(.terminated, since: now)
            return [.report(.warning, "does not stop when asked"), .signal(Signals.terminate)]
        case .terminated:
            state = .stopping(.killed, since: now)
            return [.report(.warning, "does not stop on SIGTERM"), .signal(Signals.kill)]
        case .killed: return []
        }
    }

    private mutating func respawn(_ now: Duration) -> [Action] {
        restarts += 1
        return spawn(now)
    }

    // A frozen supervisor saw no beats; the roles may have sent them all the same.
    private mutating func excuse(_ slept: Duration) {
        lastSign += slept
        stuck.excuse(slept)
        startProgress?.at += slept
        if case .starting(let since) = state { state = .starting(since: since + slept) }
    }
}
