import Features
import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Folding what ingest sends.
extension FeatureRole {
    private static let outboxBytesMax = 1 << 20
    /// Users of one commit, about: a partition that somebody fills with new ones must not keep the
    /// others, and whoever asks, waiting for one long transaction.
    private static let dirtyUsersMax = 10_000
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
        var isDone = false
        // Also where a record could not be folded: what was before it is in memory, and asked for.
        defer {
            if !changed.isEmpty { publish(changed, traces: isDone ? portion.traces : []) }
        }
        let now = Clock.monotonic()
        while diskFullUntil == nil, let block = portion.next() {
            try fold(block, at: now, &changed)
            let partition = Int(block.partition)
            if !portion.isWaiting(partition), !handover.serving.contains(partition) {
                noteServing()
            }
            if Clock.monotonic() - now >= Self.turn { break }
        }
        isDone = portion.isEmpty
        if !changed.isEmpty { lastFold = now }
        guard isDone else { return }
        if !portion.traces.isEmpty { traces.note(portion.traces, "folded", environment.log) }
    }

    private func fold(_ block: Block, at now: Duration, _ changed: inout [UInt64]) throws {
        let partition = Int(block.partition)
        let before = owned[partition]?.fold.appliedOffset ?? 0
        do {
            try owned[partition]?.apply(
                Fault.spoiled(block), at: now, changed: &changed, poison: poison)
            owned[partition]?.lastBlock = block
        } catch let error as DecodeError {
            skip(block, error)
        } catch  where Self.isDamage(error) {
            return setAside(partition, error)
        }
        counts.applied += (owned[partition]?.fold.appliedOffset ?? 0) - before
        let dirtyUsers = owned[partition]?.fold.table.dirtyCount ?? 0
        // What one checkpoint hands to the trainer is one block, and must fit a frame.
        if owned[partition]?.fold.outboxBytes ?? 0 > Self.outboxBytesMax
            || dirtyUsers > Self.dirtyUsersMax
        {
            commit(partition, at: now)
        }
    }

    /// A block that cannot be taken apart must not stop the partition: what came before the damage
    /// counts, the rest does not, and is said.
    private func skip(_ block: Block, _ error: DecodeError) {
        let partition = Int(block.partition)
        let end = block.firstOffset &+ UInt64(block.count)
        let first = owned[partition]?.fold.appliedOffset ?? end
        owned[partition]?.fold.skip(to: end)
        counts.failures += 1
        environment.log.error(
            "block of the log damaged: its records are left out",
            ["partition": "\(partition)", "from": "\(first)", "to": "\(end)", "error": "\(error)"])
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
