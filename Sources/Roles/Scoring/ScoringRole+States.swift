import Events
import Features
import Messages
import Runtime
import System
import ZeroMQ

/// Keeping profiles in step with the feature workers.
extension ScoringRole {
    func takeStates(_ worker: Int) {
        guard let link = links[worker] else { return }
        do {
            for _ in 0..<Limits.receivesPerTurn {
                guard let reply = try link.receive() else { break }
                switch reply {
                case .states(let states):
                    newestMs = max(newestMs, states.newestMs)
                    for failure in states.failures { take(failure) }
                    for state in states.states {
                        take(state, link, saysTime: states.newestMs > 0)
                        // Before what was pulled for them has to make room for others.
                        if ready.count >= Self.batch { answerReady() }
                    }
                    answerReady()
                    link.send(at: Clock.monotonic())
                case .notOwner: counts.notOwner += 1
                case .refused(let code, let text):
                    counts.failures += 1
                    environment.log.warning(
                        "states refused", ["worker": "\(worker)", "code": code.name, "why": text])
                }
            }
        } catch {
            counts.failures += 1
            environment.log.warning(
                "states not readable", ["worker": "\(worker)", "error": "\(error)"])
        }
    }

    /// Whoever has gone elsewhere, or is not known yet, is asked for again; what the owner cannot
    /// read is nothing to wait for.
    private func take(_ failure: StateFailure) {
        if failure.code == .notOwner { counts.notOwner += 1 }
        guard failure.code == .storageFailed else { return }
        counts.failures += 1
        release(keys.hash(failure.userID), .unreadable)
    }

    private func take(_ state: State, _ link: WorkerLink, saysTime: Bool) {
        let hash = keys.hash(state.userID)
        // Said by an earlier owner: the present one may know more.
        guard owners[Partitions.partition(ofHash: hash)] == link.index else { return }
        var decoded: UserState?
        if state.found {
            do {
                decoded = try UserState(decoding: state.state.span)
            } catch {
                counts.failures += 1
                environment.log.error("state not readable", ["error": "\(error)"])
                release(hash, .unreadable)
                return
            }
        }
        // Of a worker of an earlier version, during a rolling restart.
        if !saysTime { newestMs = max(newestMs, decoded?.lastSeenMs ?? 0) }
        var held = HeldProfile(
            userID: state.userID, partition: Int(state.partition), state: decoded,
            pulledAt: Clock.monotonic())
        held.isStale = link.changedMeanwhile(state.userID)
        cache.store(hash, held)
        release(hash)
    }

    func hearChanges(_ worker: Int) {
        guard let link = links[worker] else { return }
        do {
            for _ in 0..<Limits.receivesPerTurn {
                guard let message = try link.changes.receive() else { return }
                let (header, body) = try Frame.decode(message.bytes)
                guard header.kind == .profilesChanged else { continue }
                let change = try Frame.decode(
                    ProfilesChanged.self, message.bytes, body: body, header: header)
                apply(change, link)
            }
        } catch {
            counts.failures += 1
            environment.log.warning(
                "announcement not readable", ["worker": "\(link.index)", "error": "\(error)"])
        }
    }

    private func apply(_ change: ProfilesChanged, _ link: WorkerLink) {
        let action = link.follower.hear(
            incarnation: change.incarnation, sequence: change.sequence, at: Clock.monotonic())
        for hash in change.userHashes { cache.invalidate(hash) }
        if !change.traces.isEmpty { traces.note(change.traces, "visible", environment.log) }
        if link.hasOpenQuestions { link.note(changed: Set(change.userHashes)) }
        let isReadable = change.keyCheck == keys.check
        if link.isReadable && !isReadable {
            environment.log.error(
                "a worker has another hash.key: its users are asked for again and again; restart",
                ["worker": "\(link.index)"])
        }
        link.isReadable = isReadable
        if action == .forget || !isReadable {
            cache.invalidate { owners[$0] == link.index }
            link.note(changed: nil)
        }
    }
}
