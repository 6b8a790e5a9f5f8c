package import Messages
import Runtime
package import Storage

/// Which feature worker owns which partition: events and time in, actions out. No clock, no socket,
/// no file.
///
/// A partition moves in two steps: the old owner writes what it has and says that it let go, then
/// the new one gets a lease with a higher epoch. Who is dead or silent is not asked: the epoch
/// makes whatever it still does harmless. Two owners never have the same epoch, because every grant
/// has an epoch of its own.
package struct AssignmentPlan: Sendable {
    package enum Action: Sendable, Equatable {
        /// Leases wanted; the answer is ``granted(_:at:)`` or ``notGranted(_:)``.
        case grant([LeaseWish])
        /// ``assignment`` has changed: tell everybody.
        case publish
    }

    /// Bounds in time and number.
    package struct Limits: Sendable, Equatable {
        /// How long a worker that died is waited for before its partitions go elsewhere.
        package var lossGrace: Duration = .milliseconds(500)
        /// How long a new worker is waited for before others get its share.
        package var startGrace: Duration = .seconds(2)
        /// A worker that was not heard for longer is taken for dead.
        package var silenceMax: Duration = .seconds(3)
        /// Partitions on their way at a time: few, so that each is short; many would be done
        /// sooner.
        package var movesMax = 2
        /// A worker that does not let go within this time is not waited for.
        package var releaseMax: Duration = .seconds(2)

        package init() {}
    }

    enum Phase: Sendable, Equatable {
        /// With nobody.
        case vacant
        /// A lease is being made.
        case granting
        /// The worker was told, or is being told.
        case granted
        /// The worker says that it has it.
        case held
        /// The worker was told to let go.
        case releasing
    }

    struct Part: Sendable {
        var phase = Phase.vacant
        /// The owner; of a vacant partition the last one, which gets it back if it can.
        var worker: Int?
        var epoch: UInt64 = 0
        /// The store knows an epoch as high as this.
        var floor: UInt64 = 0
        /// The assignment in which this changed last.
        var version: UInt64 = 0
        /// Set while it is moved on purpose.
        var movingSince: Duration?
        /// Of a moved one: when it was let go, and when the next owner had it.
        var releasedAt: Duration?
        var heldAt: Duration?
        var isServing = false
    }

    struct Member: Sendable {
        var isReady = false
        var isWanted = true
        var lastSign: Duration
        /// While not ready: until then it is waited for.
        var waitUntil: Duration
    }

    package let limits: Limits
    private(set) var parts: [Part]
    private(set) var members: [Int: Member] = [:]
    package private(set) var version: UInt64 = 0
    package private(set) var pauses = PauseMeter()
    /// Leases of workers that were dead or silent, given to others or anew.
    package private(set) var takeovers: UInt64 = 0
    private var isChanged = false
    private var lastTick: Duration?

    /// A supervisor that slept longer than this between two ticks blames itself, not the workers.
    static let sleptMin: Duration = .seconds(1)

    package init(
        partitions: Int = Endpoints.partitions, leases: [Lease] = [], limits: Limits = Limits()
    ) {
        self.limits = limits
        parts = Array(repeating: Part(), count: partitions)
        for lease in leases where parts.indices.contains(lease.partition) {
            parts[lease.partition].epoch = lease.epoch
            parts[lease.partition].worker = lease.holder
        }
    }

    // MARK: What happens

    /// A worker is to exist.
    package mutating func join(_ worker: Int, at now: Duration) -> [Action] {
        if members[worker] == nil {
            members[worker] = Member(lastSign: now, waitUntil: now + limits.startGrace)
        }
        members[worker]?.isWanted = true
        return step(now)
    }

    /// A worker's process can take partitions.
    package mutating func ready(_ worker: Int, at now: Duration) -> [Action] {
        guard members[worker] != nil else { return [] }
        members[worker]?.isReady = true
        members[worker]?.lastSign = now
        isChanged = true
        return step(now)
    }

    /// A worker's process has ended.
    package mutating func lost(_ worker: Int, at now: Duration) -> [Action] {
        guard members[worker]?.isReady == true else { return [] }
        members[worker]?.isReady = false
        members[worker]?.waitUntil = now + limits.lossGrace
        isChanged = true
        for partition in parts.indices where parts[partition].worker == worker {
            takeAway(partition)
        }
        return step(now)
    }

    /// A worker is to hand over what it has; once ``isClear(_:)`` it may be stopped.
    package mutating func leave(_ worker: Int, at now: Duration) -> [Action] {
        members[worker]?.isWanted = false
        return step(now)
    }

    /// A worker is no more.
    package mutating func remove(_ worker: Int, at now: Duration) -> [Action] {
        let actions = lost(worker, at: now)
        members[worker] = nil
        return actions + step(now)
    }

    /// A sign of life.
    package mutating func heard(_ worker: Int, at now: Duration) {
        members[worker]?.lastSign = now
    }

    /// A worker says what it has.
    package mutating func holding(
        _ worker: Int, _ holding: Holding, at now: Duration
    ) -> [Action] {
        guard members[worker]?.isReady == true else { return [] }
        members[worker]?.lastSign = now
        let held = Dictionary(
            zip(holding.partitions, holding.epochs), uniquingKeysWith: { first, _ in first })
        let refused = Dictionary(
            zip(holding.refused, holding.refusedEpochs), uniquingKeysWith: { first, _ in first })
        let serving = Set(holding.serving)
        for partition in parts.indices where parts[partition].worker == worker {
            let number = UInt32(partition)
            note(
                partition, held: held[number], refused: refused[number],
                isServing: serving.contains(number), version: holding.version, at: now)
        }
        return step(now)
    }

    private mutating func note(
        _ partition: Int, held: UInt64?, refused: UInt64?, isServing: Bool, version: UInt64,
        at now: Duration
    ) {
        let part = parts[partition]
        switch part.phase {
        case .vacant, .granting: return
        case .granted:
            if held == part.epoch {
                parts[partition].phase = .held
                parts[partition].heldAt = now
            } else if let refused, refused >= part.epoch {
                parts[partition].floor = refused
                vacate(partition)
            }
        case .held:
            // Older words than the assignment say nothing about it.
            guard version >= part.version, held != part.epoch else { break }
            parts[partition].floor = max(part.floor, refused ?? 0)
            takeAway(partition)
        case .releasing:
            if version >= part.version && held == nil {
                parts[partition].releasedAt = now
                vacate(partition)
            }
        }
        guard isServing, parts[partition].phase == .held, !part.isServing else { return }
        parts[partition].isServing = true
        if let since = part.movingSince {
            let released = part.releasedAt ?? since
            let held = parts[partition].heldAt ?? now
            pauses.note(released - since, held - released, now - held)
        }
        parts[partition].movingSince = nil
    }

    /// The leases wished for.
    package mutating func granted(_ leases: [Lease], at now: Duration) -> [Action] {
        for lease in leases where parts[lease.partition].phase == .granting {
            // Whoever was to get it may have died meanwhile; the epoch is used up all the same.
            parts[lease.partition].epoch = max(lease.epoch, parts[lease.partition].epoch)
            guard parts[lease.partition].worker == lease.holder,
                members[lease.holder]?.isReady == true
            else {
                vacate(lease.partition)
                continue
            }
            parts[lease.partition].phase = .granted
            parts[lease.partition].isServing = false
            change(lease.partition)
        }
        return step(now)
    }

    /// The leases could not be made; the next tick wishes for them again.
    package mutating func notGranted(_ wishes: [LeaseWish]) {
        for wish in wishes where parts[wish.partition].phase == .granting {
            parts[wish.partition].phase = .vacant
        }
    }

    /// Lets time pass.
    package mutating func tick(at now: Duration) -> [Action] {
        if let lastTick, now - lastTick > Self.sleptMin { excuse(now - lastTick) }
        lastTick = now
        return step(now)
    }

    // A frozen supervisor heard nobody; the workers may have spoken all the same.
    private mutating func excuse(_ slept: Duration) {
        for worker in members.keys {
            members[worker]?.lastSign += slept
            members[worker]?.waitUntil += slept
        }
        for partition in parts.indices {
            parts[partition].movingSince? += slept
            parts[partition].releasedAt? += slept
            parts[partition].heldAt? += slept
        }
    }

    // MARK: What follows

    private mutating func step(_ now: Duration) -> [Action] {
        let targets = Balance.targets(parts.map(\.worker), workers: candidates(now))
        var moving = movingCount
        var wishes: [LeaseWish] = []
        for (partition, target) in targets.enumerated() {
            guard let target, isUsable(target, now) else { continue }
            let part = parts[partition]
            if let owner = part.worker, owner != target || part.phase == .releasing,
                part.phase != .vacant, part.phase != .granting
            {
                let isOverdue =
                    part.phase == .releasing
                    && now - (part.movingSince ?? now) > limits.releaseMax
                if !isUsable(owner, now) || isOverdue {
                    takeAway(partition)
                } else if part.phase == .held && moving < limits.movesMax {
                    parts[partition].phase = .releasing
                    parts[partition].movingSince = now
                    parts[partition].isServing = false
                    change(partition)
                    moving += 1
                }
            }
            if parts[partition].phase == .vacant {
                parts[partition].phase = .granting
                parts[partition].worker = target
                wishes.append(
                    LeaseWish(
                        partition: partition, holder: target, floor: parts[partition].floor))
            }
        }
        var actions: [Action] = wishes.isEmpty ? [] : [.grant(wishes)]
        if isChanged {
            version += 1
            isChanged = false
            actions.append(.publish)
        }
        return actions
    }

    /// Who may have partitions: wanted, and there or waited for; nobody there = all wanted.
    private func candidates(_ now: Duration) -> [Int] {
        let wanted = members.filter(\.value.isWanted)
        guard wanted.keys.contains(where: { isUsable($0, now) }) else {
            return wanted.keys.sorted()
        }
        return wanted.filter { worker, member in
            isUsable(worker, now) || (!member.isReady && now < member.waitUntil)
        }.keys.sorted()
    }

    private func isUsable(_ worker: Int, _ now: Duration) -> Bool {
        guard let member = members[worker], member.isReady else { return false }
        return now - member.lastSign <= limits.silenceMax
    }

    /// Let go on purpose: still on its way.
    private mutating func vacate(_ partition: Int) {
        parts[partition].phase = .vacant
        parts[partition].isServing = false
        change(partition)
    }

    /// From somebody who is dead, silent or overtaken.
    private mutating func takeAway(_ partition: Int) {
        if parts[partition].phase != .vacant { takeovers += 1 }
        parts[partition].movingSince = nil
        vacate(partition)
    }

    private mutating func change(_ partition: Int) {
        parts[partition].version = version + 1
        isChanged = true
    }

    // MARK: What is

    /// For everybody who has to know.
    package var assignment: Assignment {
        var assignment = Assignment()
        assignment.version = version
        for part in parts {
            let isOwned = part.phase == .granted || part.phase == .held
            assignment.workers.append(isOwned ? UInt32((part.worker ?? -1) + 1) : 0)
            assignment.epochs.append(part.epoch)
        }
        assignment.members = members.filter(\.value.isReady).keys.sorted().map { UInt32($0) }
        return assignment
    }

    /// Partitions on their way on purpose.
    package var movingCount: Int { parts.count { $0.movingSince != nil } }

    /// Partitions that their owners say they hold.
    package var heldCount: Int { parts.count { $0.phase == .held } }

    /// Every partition is held, or moves on purpose.
    package var isWhole: Bool {
        parts.allSatisfy { $0.phase == .held || $0.movingSince != nil }
    }

    /// The worker has nothing, and what it had is served elsewhere.
    package func isClear(_ worker: Int) -> Bool {
        parts.allSatisfy { $0.worker != worker } && movingCount == 0
    }

    /// Every partition is held where it is to stay.
    package func isBalanced(at now: Duration) -> Bool {
        let targets = Balance.targets(parts.map(\.worker), workers: candidates(now))
        return zip(parts, targets).allSatisfy { $0.phase == .held && $0.worker == $1 }
            && movingCount == 0
    }
}
