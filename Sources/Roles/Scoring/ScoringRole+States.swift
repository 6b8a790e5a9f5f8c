import Events
import Features
import Messages
import Runtime
import System
import ZeroMQ

/// Keeping profiles in step with the feature workers.
extension ScoringRole {
    func takeStates(_ place: Int) {
        let link = links[place]
        do {
            for _ in 0..<Limits.receivesPerTurn {
                guard let states = try link.receive() else { break }
                for state in states.states { take(state, link) }
                answerReady()
            }
        } catch {
            counts.failures += 1
            environment.log.warning(
                "states refused", ["worker": "\(link.index)", "error": "\(error)"])
        }
    }

    private func take(_ state: State, _ link: WorkerLink) {
        let hash = XXH64.hash(state.userID)
        var decoded: UserState?
        if state.found {
            do {
                decoded = try UserState(decoding: state.state.span)
            } catch {
                counts.failures += 1
                environment.log.error("state not readable", ["error": "\(error)"])
                return
            }
        }
        newestMs = max(newestMs, decoded?.lastSeenMs ?? 0)
        var held = HeldProfile(
            userID: state.userID, partition: Int(state.partition), state: decoded,
            pulledAt: Clock.monotonic())
        held.isStale = link.changedMeanwhile(state.userID)
        cache.store(hash, held)
        ready += parked.take(hash)
    }

    func hearChanges(_ place: Int) {
        let link = links[place]
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
        if link.hasOpenQuestions { link.note(changed: Set(change.userHashes)) }
        if action == .forget {
            let endpoints = environment.endpoints
            cache.invalidate { endpoints.worker(ofPartition: $0) == link.index }
            link.note(changed: nil)
        }
    }
}
