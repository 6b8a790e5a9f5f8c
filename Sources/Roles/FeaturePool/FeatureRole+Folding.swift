import Features
import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Folding what ingest sends.
extension FeatureRole {
    private static let outboxBytesMax = 1 << 20
    /// How long one turn folds: whoever asks for a state or takes a partition waits no longer.
    private static let turn: Duration = .milliseconds(4)

    /// Calls ``pull()`` while there is something to read.
    func listen() {
        guard let token = intake?.pollToken else { return }
        environment.loop.onReadable(token) { [weak self] in
            self?.assumeIsolated { $0.pull() }
        }
    }

    /// Folds a part of what came. The next fetch is on its way before the fold begins, so that
    /// ingest prepares one answer while this worker digests the other.
    func pull() {
        guard diskFullUntil == nil else { return }
        do {
            if portion.isEmpty {
                intake?.committed = committedPositions()
                guard var fetched = try intake?.receive(at: Clock.monotonic()) else { return }
                compareWithLog(&fetched)
                if Fault.slowFold.isOn { Clock.pause(.milliseconds(Fault.slowFold.number)) }
                portion = Portion(fetched, first: unserved)
                noteServing()
            }
            try foldSome()
        } catch {
            portion = Portion()
            refetch(error)
        }
        if !portion.isEmpty { goOnSoon() }
    }

    private func foldSome() throws {
        var changed: [UInt64] = []
        let now = Clock.monotonic()
        while diskFullUntil == nil, let block = portion.next() {
            try fold(block, at: now, &changed)
            let partition = Int(block.partition)
            if !portion.isWaiting(partition), !handover.serving.contains(partition) {
                noteServing()
            }
            if Clock.monotonic() - now >= Self.turn { break }
        }
        let isDone = portion.isEmpty
        if !changed.isEmpty {
            lastFold = now
            publish(changed, traces: isDone ? portion.traces : [])
        }
        guard isDone else { return }
        if !portion.traces.isEmpty { traces.note(portion.traces, "folded", environment.log) }
    }

    private func fold(_ block: Block, at now: Duration, _ changed: inout [UInt64]) throws {
        let partition = Int(block.partition)
        let before = owned[partition]?.fold.appliedOffset ?? 0
        try owned[partition]?.apply(
            Fault.spoiled(block), at: now, changed: &changed, poison: poison)
        owned[partition]?.lastBlock = block
        counts.applied += (owned[partition]?.fold.appliedOffset ?? 0) - before
        // What one checkpoint hands to the trainer is one block, and must fit a frame.
        if owned[partition]?.fold.outboxBytes ?? 0 > Self.outboxBytesMax {
            commit(partition, at: now)
        }
    }

    /// The rest in the next turn, whether or not anything is to be read then.
    private func goOnSoon() {
        guard !isContinued, diskFullUntil == nil else { return }
        isContinued = true
        environment.loop.schedule(after: .zero) { [weak self] in
            self?.assumeIsolated {
                $0.isContinued = false
                $0.pull()
            }
        }
    }

    /// After a gap or damage the positions are taken from the folds again.
    private func refetch(_ error: any Error) {
        counts.failures += 1
        environment.log.error("fold failed; asking again", ["error": "\(error)"])
        if case LogReaderFailure.refused(.offsetOutOfRange, let text) = error {
            // The state is older than the log reaches back: opened again, it begins at the base.
            environment.fail(.temporary, "a state is older than the log: \(text)")
        }
        intake?.restart(from: positions())
    }
}
