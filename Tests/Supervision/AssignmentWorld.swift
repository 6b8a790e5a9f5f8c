import Messages
import Storage
import System

@testable import Supervision

/// A made-up cluster around the plan: workers that obey late or never, messages that take their
/// time, stores that fence. Chance is a seed.
struct AssignmentWorld {
    struct Worker {
        var holds: [Int: UInt64] = [:]
        var obeyed: UInt64 = 0
        /// Assignments on their way to it.
        var inbox: [Assignment] = []
        /// What it said and nobody has heard yet.
        var outbox: [Holding] = []
        var isFrozen = false
    }

    static let partitions = 12

    var plan: AssignmentPlan
    var workers: [Int: Worker] = [:]
    /// What each partition's store knows.
    var stored = [UInt64](repeating: 0, count: partitions)
    /// Granted so far, by whoever grants.
    var granted = [UInt64](repeating: 0, count: partitions)
    var owners: [Int: [UInt64: Int]] = [:]
    var complaints: [String] = []
    var now: Duration = .zero
    private var dice: UInt64
    var grantsFail = false

    init(seed: UInt64) {
        dice = seed
        var limits = AssignmentPlan.Limits()
        limits.movesMax = 3
        plan = AssignmentPlan(partitions: Self.partitions, limits: limits)
    }

    mutating func below(_ limit: Int) -> Int {
        dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((dice >> 33) % UInt64(limit))
    }

    mutating func obey(_ actions: [AssignmentPlan.Action]) {
        for action in actions {
            switch action {
            case .publish:
                for index in workers.keys { workers[index]?.inbox.append(plan.assignment) }
            case .grant(let wishes):
                if grantsFail {
                    plan.notGranted(wishes)
                    continue
                }
                let leases = wishes.map { wish in
                    granted[wish.partition] = max(granted[wish.partition], wish.floor) + 1
                    return Lease(
                        partition: wish.partition, holder: wish.holder,
                        epoch: granted[wish.partition])
                }
                obey(plan.granted(leases, at: now))
            }
        }
    }

    mutating func start(_ index: Int) {
        workers[index] = Worker()
        obey(plan.join(index, at: now))
        obey(plan.ready(index, at: now))
    }

    mutating func kill(_ index: Int) {
        guard workers.removeValue(forKey: index) != nil else { return }
        obey(plan.lost(index, at: now))
    }

    /// A worker reads its newest assignment, as the feature worker does.
    mutating func work(_ index: Int) {
        guard var worker = workers[index], !worker.isFrozen, !worker.inbox.isEmpty else { return }
        let assignment = worker.inbox.removeFirst()
        guard assignment.version >= worker.obeyed else { return }
        worker.obeyed = assignment.version
        var refused: [Int: UInt64] = [:]
        for (partition, epoch) in worker.holds
        where assignment.worker(of: partition) != index || assignment.epoch(of: partition) != epoch
        {
            worker.holds[partition] = nil
        }
        for partition in assignment.partitions(of: index) where worker.holds[partition] == nil {
            let epoch = assignment.epoch(of: partition)
            if stored[partition] > epoch {
                refused[partition] = stored[partition]
                continue
            }
            stored[partition] = epoch
            worker.holds[partition] = epoch
            if let other = owners[partition]?[epoch], other != index {
                complaints.append("\(partition) under \(epoch): \(other) and \(index)")
            }
            owners[partition, default: [:]][epoch] = index
        }
        workers[index] = worker
        say(index, refused: refused)
    }

    mutating func say(_ index: Int, refused: [Int: UInt64] = [:]) {
        guard let worker = workers[index] else { return }
        var holding = Holding()
        holding.version = worker.obeyed
        for (partition, epoch) in worker.holds.sorted(by: { $0.key < $1.key }) {
            holding.partitions.append(UInt32(partition))
            holding.epochs.append(epoch)
            holding.serving.append(UInt32(partition))
        }
        for (partition, epoch) in refused {
            holding.refused.append(UInt32(partition))
            holding.refusedEpochs.append(epoch)
        }
        workers[index]?.outbox.append(holding)
    }

    /// A worker commits, and drops what it may not.
    mutating func commit(_ index: Int) {
        guard let worker = workers[index], !worker.isFrozen else { return }
        let fenced = worker.holds.filter { $0.value < stored[$0.key] }
        guard !fenced.isEmpty else { return }
        for partition in fenced.keys { workers[index]?.holds[partition] = nil }
        say(index)
    }

    /// The supervisor hears the oldest that a worker said.
    mutating func hear(_ index: Int) {
        guard let said = workers[index]?.outbox.first else { return }
        workers[index]?.outbox.removeFirst()
        obey(plan.holding(index, said, at: now))
    }

    mutating func pass(_ time: Duration) {
        now += time
        // Whoever is not frozen beats.
        for (index, worker) in workers where !worker.isFrozen { plan.heard(index, at: now) }
        obey(plan.tick(at: now))
    }

    /// Everybody works until nothing changes any more.
    mutating func settle() {
        for index in workers.keys { workers[index]?.isFrozen = false }
        grantsFail = false
        for _ in 0..<400 {
            for index in workers.keys.sorted() {
                // Said again each second.
                if workers[index]?.inbox.isEmpty == true {
                    workers[index]?.inbox.append(plan.assignment)
                }
                work(index)
                commit(index)
                while workers[index]?.outbox.isEmpty == false { hear(index) }
            }
            pass(.milliseconds(50))
        }
    }

    /// Who could still commit: the holders whose epoch the store would take.
    func committers(_ partition: Int) -> [Int] {
        workers.filter { $0.value.holds[partition] == stored[partition] }.keys.sorted()
    }
}
