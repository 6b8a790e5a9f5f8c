import Events
import Features
import FittedPortrait
import Identity
import Messages
import ModelTraining
import Recommendation
package import Runtime
import System
import ZeroMQ

/// Answers requests about users and items from cached profiles, the catalogue and the newest
/// models.
package actor ScoringRole: Role {
    package static let kind = RoleKind.scoring
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    let environment: RoleEnvironment
    let startedAt = Clock.monotonic()
    /// Which user an announcement of a worker is about.
    let keys: UserKeys
    /// How lists are made of models.
    let pipeline: ServedPipeline
    /// Tags and rules of the configuration, and the models that somebody fitted.
    var fitted: FittedPortrait
    var front: Front?
    /// By the worker's index.
    var links: [Int: WorkerLink] = [:] { didSet { findOwnerLinks() } }
    var owners: Owners { didSet { findOwnerLinks() } }
    /// The link to the owner of each partition, which every question asks for.
    private(set) var ownerLinks = [WorkerLink?](repeating: nil, count: Partitions.users)
    var cache: ProfileCache
    var parked: ParkedQuestions
    /// Questions of this turn that can be answered at its end.
    var ready: [Pending] = []
    var models: ModelSet
    var shelf = ModelShelf()
    var isLoading = false
    /// Catalogue records that came while models were being laid over an older copy.
    var entriesMeanwhile: [CatalogueEntry] = []
    var announced: [Model] = []
    var announcements: Socket?
    var items: LogReader?
    /// Read from the same partition as the items.
    var graph = IdentityGraph()
    var itemOffset: UInt64 = 0
    /// Where the catalogue ended when it was first asked for …
    var linksEnd: UInt64?
    /// … and whether it has been read so far: before, nobody can be said to be alone.
    var areLinksKnown = false
    var counts = ScoringCounts()
    var traces = TraceNotes()
    /// The newest event time seen anywhere: what windows are counted from.
    var newestMs: Int64 = 0
    var answerNumber: UInt64 = 0
    var isDraining = false
    /// When the last question came.
    var lastQuestion: Duration = .zero

    package init(environment: RoleEnvironment) throws {
        self.environment = environment
        keys = UserKeys(HashKey(environment.hashSecret.words))
        let settings = environment.configuration
        pipeline = ServedPipeline(settings)
        fitted = try FittedPortrait(environment.folder, configuration: settings)
        cache = ProfileCache(limit: settings.scoring.profilesMax)
        owners = Owners(vacantSince: startedAt)
        parked = ParkedQuestions(
            limits: ParkingLimits(total: settings.scoring.requestsInFlightMax))
        models = ModelSet(weights: pipeline.weights, leftOut: pipeline.leftOut)
    }

    package func start() async throws -> [String] {
        let endpoints = environment.endpoints
        await loadCatalogue()
        loadAtStart()
        lookForFittedModels()
        if !environment.supervisor.isConnected {
            owners = Owners(dealtBy: endpoints)
            connect(to: Set(0..<endpoints.workers))
        }
        announcements = try environment.connect(.subscriber, endpoints.models)
        try announcements?.subscribe()
        var position = Position()
        position.partition = UInt32(Partitions.catalogue)
        position.offset = itemOffset
        items = try LogReader(
            .events, environment: environment, role: .eventClient, endpoint: endpoints.ingest,
            positions: [position], creditBytes: 1 << 20)
        // An item whose record was removed from the log was appended to it again before.
        items?.followsFirst = true
        let listening = endpoints.scoringListen(environment.index)
        front = try Front(
            .scoringServer, environment: environment, endpoints: listening,
            kinds: [
                .profileRequest, .recommendRequest, .similarRequest, .scoreRequest,
                .predictRequest,
            ])
        register()
        return listening
    }

    private func register() {
        let loop = environment.loop
        if let token = front?.pollToken {
            loop.onReadable(token) { [weak self] in self?.assumeIsolated { $0.drain() } }
        }
        if let token = announcements?.pollToken {
            loop.onReadable(token) { [weak self] in self?.assumeIsolated { $0.hearModels() } }
        }
        if let token = items?.pollToken {
            loop.onReadable(token) { [weak self] in self?.assumeIsolated { $0.pullItems() } }
        }
        loop.schedule(after: .zero, repeating: .milliseconds(5)) { [weak self] in
            self?.assumeIsolated { $0.answerDue() }
        }
        // A worker that restarted never saw what its predecessor was asked, and one that was asked
        // too early did not own the partition yet.
        loop.schedule(after: .zero, repeating: .milliseconds(20)) { [weak self] in
            self?.assumeIsolated { if $0.parked.count > 0 { $0.askForParked() } }
        }
        loop.schedule(after: .zero, repeating: .milliseconds(100)) { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
        loop.schedule(after: .seconds(1), repeating: .seconds(1)) { [weak self] in
            self?.assumeIsolated { $0.lookForFittedModels() }
        }
        loop.schedule(after: .seconds(60), repeating: .seconds(60)) { [weak self] in
            self?.assumeIsolated {
                $0.models.refresh(asOfMs: $0.newestMs)
                $0.counts.latency.fade()
            }
        }
    }

    private func findOwnerLinks() {
        ownerLinks = (0..<Partitions.users).map { partition in
            owners[partition].flatMap { links[$0] }
        }
    }

    private func tick() {
        let now = Clock.monotonic()
        do {
            try items?.tick(at: now)
        } catch {
            counts.failures += 1
            environment.log.warning("cannot ask for items", ["error": "\(error)"])
        }
        for link in links.values {
            link.send(at: now)
            link.dropOverdue(at: now)
        }
        loadWanted()
    }

    package func vitals() -> RoleVitals {
        var vitals = RoleVitals()
        vitals.progress = counts.answered
        vitals.waiting = UInt64(parked.count)
        counts.put(into: &vitals)
        vitals.count("profiles_held", cache.count)
        vitals.count("items", models.catalogue.count)
        vitals.count("links", graph.linkCount)
        vitals.count("change_gaps", links.values.reduce(0) { $0 + $1.follower.gaps })
        for (name, model) in shelf.loaded.sorted(by: { $0.key < $1.key }) {
            vitals.count("version.\(name)", model.version)
        }
        front?.counts.put(into: &vitals)
        vitals.traces = traces.take()
        return vitals
    }

    package func stop() async {
        await drainOut()
        for var pending in parked.takeAll() {
            pending.refusal = .stopping
            ready.append(pending)
        }
        answerReady()
        let tokens = [front?.pollToken, announcements?.pollToken, items?.pollToken]
        for token in tokens { if let token { environment.loop.unregister(token) } }
        connect(to: [])
        front = nil
        announcements = nil
        items = nil
    }
}
