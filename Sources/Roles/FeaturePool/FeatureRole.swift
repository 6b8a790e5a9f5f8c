package import Runtime
import Events
import Features
import Messages
import Storage
import System
import ZeroMQ

/// One worker of the pool: pulls the log of its partitions, folds it into user states, commits
/// them,
/// tells who changed, and answers for states and outbox.
package actor FeatureRole: Role {
    package static let kind = RoleKind.features
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    let environment: RoleEnvironment
    var owned: [Int: OwnedPartition] = [:]
    /// Partition numbers in the order in which they are fetched and committed.
    var order: [Int] = []
    let stores: any PartitionStores
    /// By which users are placed in tables and stores.
    let keys: UserKeys
    let poison: PoisonWatch
    var handover = Handover()
    var repairs = Repairs()
    private var patrol = Patrol()
    var front: Front?
    var desk = FetchDesk()
    var counts = FeatureCounts()
    var traces = TraceNotes()
    private var changes: Publisher?
    var intake: LogReader?
    private var pace: CheckpointPace
    private var nextToCommit = 0
    /// Used again for each commit.
    private var changesRoom = FoldChanges()
    var lastFold: Duration = .zero
    /// Fetched and not folded yet.
    var portion = Portion()
    /// Partitions that were ahead of the log and begin anew.
    nonisolated let refolded = StartProgress()
    /// Whether the rest of it is on the loop's list.
    var isContinued = false
    /// When to try again after a commit found the disk full; until one succeeds nothing is folded,
    /// so that what waits stays small.
    private(set) var diskFullUntil: Duration?
    private static let diskFullPause: Duration = .milliseconds(500)
    private let hotLimit: HotLimit
    private static let idleAfter: Duration = .milliseconds(50)

    package init(environment: RoleEnvironment) throws {
        self.environment = environment
        let keys = UserKeys(
            HashKey(environment.hashSecret.words), hashBits: Fault.weakHash.isOn ? 0 : 58)
        self.keys = keys
        let refolded = self.refolded
        let stores = FolderStores(
            folder: environment.folder.stateFolder, base: environment.folder.baseFolder,
            outboxEntriesMax: environment.configuration.retention.outboxEntries,
            keying: RowKeying(check: keys.check) { try keys.place($0, $1) },
            log: environment.folder.logFolder,
            foldingAgain: { strangeness in
                refolded.note()
                environment.log.error(
                    "a state is ahead of the log: it is set aside and folded again",
                    [
                        "code": "STATE_AHEAD", "partition": "\(strangeness.partition)",
                        "why": "\(strangeness)",
                    ])
            })
        self.stores = stores
        poison = try StartFailure.naming("the list of quarantined records") {
            try PoisonWatch(environment)
        }
        let settings = environment.configuration.features
        hotLimit = HotUsers.limit(settings, memoryBytes: Environment.memoryBytes())
        pace = CheckpointPace(
            interval: .milliseconds(settings.commitMs),
            partitions: environment.endpoints.partitions(ofWorker: environment.index).count)
        // Under a supervisor every partition comes with a lease: see assign().
        let dealt =
            environment.supervisor.isConnected ? [:] : try Self.open(stores, environment, keys)
        owned = dealt
        order = dealt.keys.sorted()
    }

    private static func open(
        _ stores: some PartitionStores, _ environment: RoleEnvironment, _ keys: UserKeys
    ) throws -> [Int: OwnedPartition] {
        var owned: [Int: OwnedPartition] = [:]
        for partition in environment.endpoints.partitions(ofWorker: environment.index) {
            owned[partition] = try StartFailure.naming("the state of partition \(partition)") {
                let (store, epoch) = try stores.open(partition: partition)
                return try OwnedPartition(
                    store: store, epoch: epoch, parameters: .standard, keys: keys)
            }
        }
        return owned
    }

    package func start() async throws -> [String] {
        let endpoint = environment.endpoints.features(environment.index)
        let changesEndpoint = environment.endpoints.changes(environment.index)
        changes = try Publisher(environment: environment, endpoint: changesEndpoint)
        front = try Front(
            .workServer, environment: environment, endpoints: [endpoint],
            kinds: [.stateRequest, .fetch])
        intake = try LogReader(
            .events, environment: environment, role: .eventClient,
            endpoint: environment.endpoints.ingest,
            positions: positions(), creditBytes: fetchBytes)
        if let token = front?.pollToken {
            environment.loop.onReadable(token) { [weak self] in
                self?.assumeIsolated { $0.answer() }
            }
        }
        listen()
        environment.loop.schedule(after: .zero, repeating: .milliseconds(10)) { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
        environment.loop.schedule(after: .zero, repeating: .seconds(1)) { [weak self] in
            self?.assumeIsolated { $0.publish([]) }
        }
        return [endpoint, changesEndpoint]
    }

    package func cutListeners() {
        do {
            try changes?.cutListeners()
        } catch {
            environment.fail(.temporary, "listeners cannot be cut off: \(error)")
        }
    }

    var fetchBytes: Int { environment.configuration.features.fetchBytes }

    func positions() -> [Position] {
        order.map { partition in
            var position = Position()
            position.partition = UInt32(partition)
            position.offset = owned[partition]?.fold.appliedOffset ?? 0
            return position
        }
    }

    /// How far the store is, for ingest's account of what is not applied yet.
    func committedPositions() -> [Position] {
        order.map { partition in
            var position = Position()
            position.partition = UInt32(partition)
            position.offset = owned[partition]?.committedOffset ?? 0
            return position
        }
    }

    package func vitals() -> RoleVitals {
        var vitals = RoleVitals()
        vitals.progress = counts.applied
        // With a full disk it waits on purpose, and must not be taken for stuck.
        if diskFullUntil == nil {
            vitals.waiting = intake?.reachableLag(at: Clock.monotonic()) ?? 0
        }
        vitals.count("lag", intake?.lag ?? 0)
        counts.put(into: &vitals, owned: owned, interval: pace.currentInterval)
        vitals.count("quarantined", poison.quarantined)
        vitals.count("left_out", poison.leftOut)
        vitals.count("disk_full", diskFullUntil == nil ? 0 : 1)
        vitals.count("states_ahead", refolded.value)
        vitals.count("states_refused", handover.strange.count)
        handover.put(into: &vitals)
        repairs.put(into: &vitals)
        front?.counts.put(into: &vitals)
        vitals.traces = traces.take()
        return vitals
    }

    package func stop() async {
        for token in [front?.pollToken, intake?.pollToken] {
            if let token { environment.loop.unregister(token) }
        }
        for partition in order where owned[partition]?.dirtySince != nil {
            commit(partition, at: Clock.monotonic())
        }
        front = nil
        intake = nil
        changes = nil
        handover.closeAll()
    }

    private func tick() {
        let now = Clock.monotonic()
        do {
            intake?.committed = committedPositions()
            try intake?.tick(at: now)
        } catch {
            environment.log.warning("cannot ask ingest", ["error": "\(error)"])
        }
        handover.close(at: now)
        if handover.endQuiet(at: now, stores) { intake?.creditBytes = fetchBytes }
        // A few partitions per tick: no long pause for those who ask meanwhile.
        let until = now + .milliseconds(8)
        let idle = now - lastFold >= Self.idleAfter
        let isMoving = handover.isMoving(at: now)
        let wasFull = diskFullUntil != nil
        for _ in order.indices where Clock.monotonic() < until {
            if let diskFullUntil, now < diskFullUntil { break }
            nextToCommit = (nextToCommit + 1) % max(order.count, 1)
            guard nextToCommit < order.count else { break }
            let partition = order[nextToCommit]
            let dirtySince = owned[partition]?.dirtySince
            if pace.isDue(dirtySince, at: now, idle: idle, moving: isMoving) {
                commit(partition, at: now)
            }
        }
        if wasFull && diskFullUntil == nil {
            listen()
            pull()
        }
        if idle, !isMoving, let found = patrol.step(owned, order: order, at: now),
            Self.isDamage(found.error)
        {
            setAside(found.partition, found.error)
        }
        answerFetches()
    }

    /// Writes what changed. A partition that has a later owner meanwhile is dropped.
    func commit(_ partition: Int, at now: Duration) {
        let started = Clock.monotonic()
        do {
            let limit = hotLimit.share(of: order.count)
            let written =
                try owned[partition]?.commit(at: now, hotLimit: limit, changes: &changesRoom) ?? 0
            let taken = Clock.monotonic() - started
            pace.note(commitTime: taken)
            counts.note(commit: written, taken: taken)
            if diskFullUntil != nil {
                diskFullUntil = nil
                environment.log.info("there is room on the disk again", [:])
            }
        } catch StorageError.diskFull(let text) {
            // Nothing is lost: the log has the events, and answers come from memory.
            if diskFullUntil == nil {
                environment.log.error(
                    "the disk of the states is full: folding waits for room", ["error": text])
                if let token = intake?.pollToken { environment.loop.unregister(token) }
            }
            diskFullUntil = now + Self.diskFullPause
        } catch StorageError.fenced(let epoch) {
            drop(partition, newer: epoch)
        } catch  where Self.isDamage(error) {
            setAside(partition, error)
        } catch {
            // Memory and store may differ now: only a fresh start from the store is certain.
            environment.log.error(
                "commit failed", ["partition": "\(partition)", "error": "\(error)"])
            environment.fail(.io, "cannot commit partition \(partition): \(error)")
        }
    }

    /// Publishes changed users, or the beacon if there are none.
    func publish(_ hashes: [UInt64], traces: [TraceMark] = []) {
        var message = ProfilesChanged()
        message.incarnation = environment.incarnation
        message.keyCheck = keys.check
        message.partitions = hashes.isEmpty ? order.map { UInt32($0) } : []
        var start = 0
        repeat {
            let end = min(start + Self.hashesPerMessage, hashes.count)
            message.userHashes = Array(hashes[start..<end])
            message.traces = end == hashes.count ? traces : []
            changes?.publish(&message)
            start = end
        } while start < hashes.count
    }

    /// Leaves a gap in the numbers, upon which nobody trusts what they hold from here.
    func forgetEverywhere() {
        changes?.skip()
        publish([])
    }

    /// 512 kB, half of what a published frame may hold.
    private static let hashesPerMessage = 1 << 16
}
