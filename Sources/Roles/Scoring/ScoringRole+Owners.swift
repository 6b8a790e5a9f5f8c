import Events
package import Messages
import Runtime
import System
import ZeroMQ

/// Who owns a partition, as scoring knows it: told by the supervisor, or dealt where there is none.
struct Owners {
    /// Version of the newest assignment; 0 = dealt.
    private(set) var version: UInt64 = 0
    private var workers: [Int?]
    private var epochs: [UInt64]
    /// Since when nobody owns it.
    private var vacantSince: [Duration?]

    /// Nobody owns anything, and has not since then.
    init(vacantSince start: Duration = .zero) {
        workers = Array(repeating: nil, count: Endpoints.partitions)
        epochs = Array(repeating: 0, count: Endpoints.partitions)
        vacantSince = Array(repeating: start, count: Endpoints.partitions)
    }

    /// Dealt once and for all, without a supervisor.
    init(dealtBy endpoints: Endpoints) {
        self.init()
        for partition in workers.indices {
            workers[partition] = endpoints.worker(ofPartition: partition)
        }
    }

    subscript(partition: Int) -> Int? { workers[partition] }

    /// Nobody has owned it for so long that waiting for somebody is no use.
    func isAbandoned(_ partition: Int, at now: Duration) -> Bool {
        guard workers[partition] == nil, let since = vacantSince[partition] else { return false }
        return now - since > ChangeFollower.silenceMax
    }

    /// Takes a newer assignment over; returns the partitions with another lease than before.
    mutating func take(_ assignment: Assignment, at now: Duration) -> Set<Int> {
        version = assignment.version
        var moved: Set<Int> = []
        for partition in workers.indices {
            let worker = assignment.worker(of: partition)
            let epoch = assignment.epoch(of: partition)
            if worker != nil {
                vacantSince[partition] = nil
            } else if workers[partition] != nil {
                vacantSince[partition] = now
            }
            workers[partition] = worker
            // On its way it does not change; with its next lease it may have.
            if epoch != epochs[partition] { moved.insert(partition) }
            epochs[partition] = epoch
        }
        return moved
    }
}

/// Following partitions from worker to worker.
extension ScoringRole {
    package func assign(_ assignment: Assignment) {
        guard assignment.version > owners.version else { return }
        let now = Clock.monotonic()
        let moved = owners.take(assignment, at: now)
        connect(
            to: Set(assignment.members.map { Int($0) })
                .union((0..<Endpoints.partitions).compactMap { owners[$0] }))
        guard !moved.isEmpty else { return }
        counts.movedPartitions += UInt64(moved.count)
        // The new owner may have folded on before this message came.
        cache.invalidate { moved.contains($0) }
        for link in links.values { link.forget(partitions: moved) }
        askForParked()
    }

    /// One link for each worker of the set. The way to a new member is open before it owns
    /// anything.
    func connect(to workers: Set<Int>) {
        let now = Clock.monotonic()
        for (index, link) in links where !workers.contains(index) {
            environment.loop.unregister(link.requests.pollToken)
            environment.loop.unregister(link.changes.pollToken)
            links[index] = nil
        }
        for index in workers where links[index] == nil {
            do {
                let link = try WorkerLink(
                    environment: environment, index: index, at: now)
                links[index] = link
                environment.loop.onReadable(link.requests.pollToken) { [weak self] in
                    self?.assumeIsolated { $0.takeStates(index) }
                }
                environment.loop.onReadable(link.changes.pollToken) { [weak self] in
                    self?.assumeIsolated { $0.hearChanges(index) }
                }
            } catch {
                // Tried again with the next assignment, which is repeated each second.
                counts.failures += 1
                environment.log.error(
                    "no way to a worker", ["worker": "\(index)", "error": "\(error)"])
            }
        }
    }

    /// The way to the owner of a user; nil while nobody is.
    func link(of hash: UInt64) -> WorkerLink? {
        ownerLinks[Partitions.partition(ofHash: hash)]
    }

    /// Asks the owners of those whom questions wait for, unless they were asked just now.
    func askForParked() {
        let now = Clock.monotonic()
        for user in parked.users {
            link(of: user.hash)?.want(user.userID, user.hash, at: now)
        }
        for link in links.values { link.send(at: now) }
    }
}
