package import Runtime
import Cleaning
import ConfiguredRules
import Events
import Identity
import Messages
import Storage
import System
import ZeroMQ

/// Takes events in: checks them, makes them durable, acknowledges them, and lets consumers fetch
/// them.
///
/// Everything but the writing happens on one loop. While a commit waits for the disk, further
/// batches gather in the socket, so that the next commit is larger: the busier, the fewer commits
/// per event.
package actor IngestRole: Role {
    package static let kind = RoleKind.ingest
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    let environment: RoleEnvironment
    let log: SharedLog
    var intake: Intake
    var admission: Admission
    /// By which event ids are forgotten.
    var steady: SteadyClock
    var tail: TailCache
    var desk = FetchDesk()
    var ends: [UInt64]
    /// The first offset that is kept, of every partition.
    var firsts: [UInt64]
    var retention = RetentionPass()
    var snapshots = SnapshotPass()
    var watch = LogWatch()
    /// How far the feature workers are, and how much waits for them.
    var backlog: Backlog
    var front: Front?
    /// Answers that wait for the commit of the group under way.
    var traces = TraceNotes()
    /// Where traced batches lie in the log, for those who fetch them.
    var marks: [(mark: TraceMark, at: Duration)] = []
    var answers: [(routing: RoutingID, header: Header, verdict: Intake.Verdict)] = []
    /// Outcomes of retried rejects that wait for the same commit.
    var retryAnswers: [(routing: RoutingID, header: Header, outcomes: [RejectOutcome])] = []
    var counts = IngestCounts()
    /// What the log remembers of `backlog.committed`.
    var savedCommitted: [UInt64]
    var savedCommittedMs: Int64 = 0
    /// The rest of the fetches is on the loop's list.
    var isAnsweringSoon = false
    /// The group on its way to the disk: when it went, and what was done by then.
    var writing: (since: Duration, progress: UInt64)?
    var isWriting: Bool { writing != nil }
    /// What came meanwhile.
    private var aside = Aside()
    /// Refused since gathering began because their key has much waiting.
    private var crowded = 0
    private var isListening = false
    /// Waits for the group under way.
    var stopping: CheckedContinuation<Void, Never>?

    /// Opens nothing: what is in the log is read at the start, beside the loop.
    package init(environment: RoleEnvironment) throws {
        self.environment = environment
        let settings = environment.configuration.ingest
        log = SharedLog()
        intake = Intake(items: ItemDirectory())
        (ends, firsts, savedCommitted) = ([], [], [])
        steady = SteadyClock(
            lastMs: 0, wallMs: Clock.wallMs(), monotonicMs: Clock.monotonic().milliseconds)
        backlog = Backlog(committed: [], ends: [], bytesPerRecord: 0)
        admission = Admission(
            limits: Admission.Limits(
                spoolBytesMax: settings.spoolBytesMax, diskFreeMin: settings.diskFreeMin))
        tail = TailCache(partitions: Partitions.all, bytesMax: settings.tailBytesMax)
    }

    /// Takes in what the log holds.
    private func readLog() async throws {
        let settings = environment.configuration.ingest
        let environment = environment
        let held = try await log.open(folder: environment.folder.logFolder) { log in
            log.rejectLimits = RejectLimits(
                rowsMax: settings.rejectsMax, bytesMax: settings.rejectsBytesMax)
            return try HeldLog(log, environment)
        }
        intake = try StartFailure.naming("the event log") {
            Intake(
                items: held.items, eventIDs: held.eventIDs, poison: try PoisonGuard(environment),
                graph: held.graph,
                linkRules: LinkRules(
                    identifiersMax: settings.identifiersMax,
                    blocked: settings.identifiersBlocked.split(separator: ",").map {
                        TextStep.trim.applied(to: String($0))
                    }),
                cleaner: RecordCleaner(
                    try environment.configuration.cleaningPlan(),
                    key: HashKey(environment.hashSecret.words)),
                names: ProducerNames(
                    namesMax: settings.producersPerKey,
                    isKnown: { [rights = environment.authorisation] in rights.knows($0) },
                    isUnbounded: { [rights = environment.authorisation] in
                        rights.may($0, .operate)
                    }))
        }
        (ends, firsts, steady, backlog) = (held.ends, held.firsts, held.steady, held.backlog)
        savedCommitted = backlog.committed
        snapshots = SnapshotPass(held.snapshot)
    }

    package func start() async throws -> [String] {
        try await readLog()
        let endpoints = environment.endpoints.ingestListen
        front = try Front(
            .eventServer, environment: environment, endpoints: endpoints,
            kinds: [.eventBatch, .fetch, .retentionRequest, .rejectsRequest])
        listen()
        measure()
        environment.loop.schedule(after: Self.measureEvery, repeating: Self.measureEvery) {
            [weak self] in self?.assumeIsolated { $0.measure() }
        }
        environment.loop.schedule(after: .milliseconds(10), repeating: .milliseconds(10)) {
            [weak self] in self?.assumeIsolated { $0.lookAgain() }
        }
        scheduleRetention()
        return endpoints
    }

    /// Calls ``turn()`` while there is something to read.
    func listen() {
        guard !isListening, let token = front?.pollToken else { return }
        isListening = true
        environment.loop.onReadable(token) { [weak self] in
            self?.assumeIsolated { $0.turn() }
        }
    }

    /// Fetches whose time is over are answered; what waits for a slow disk makes room for others.
    private func lookAgain() {
        if let writing, aside.hasRoom(after: Clock.monotonic() - writing.since) { listen() }
        answerFetches()
    }

    private func stopListening() {
        guard isListening, let token = front?.pollToken else { return }
        isListening = false
        environment.loop.unregister(token)
    }

    package func vitals() -> RoleVitals {
        var vitals = RoleVitals()
        // Answers from memory are no sign that the disk still works.
        vitals.progress = writing?.progress ?? counts.progress
        vitals.waiting = isWriting ? 1 : 0
        counts.put(into: &vitals, rules: intake.rules)
        front?.counts.put(into: &vitals)
        putAdmission(into: &vitals)
        vitals.count("log_records", ends.reduce(0, +))
        vitals.count("catalogue_records", ends[Partitions.catalogue])
        vitals.count("catalogue_items", intake.knownItems)
        vitals.count("links", intake.linkCount)
        retention.put(into: &vitals, kept: zip(ends, firsts).reduce(0) { $0 + ($1.0 - $1.1) })
        watch.put(into: &vitals)
        vitals.traces = traces.take()
        forgetOldMarks()
        return vitals
    }

    package func stop() async {
        await written()
        turn()
        await written()
        stopListening()
        front = nil
        settle()
    }

    /// After a clean stop the log is whole in its one file.
    private func settle() {
        do {
            guard try !log.settle() else { return }
            environment.log.warning(
                "the log is being read: its end stays in events.sqlite-wal", [:])
        } catch {
            environment.log.error("the log is not in one file", ["error": "\(error)"])
        }
    }

    /// One turn: gather a group and have it made durable; while one is, look who wants to read.
    func turn() {
        if let writing {
            let waited = Clock.monotonic() - writing.since
            gather { aside.hasRoom(after: waited) }
            // The rest waits in the socket, where producers take turns.
            if !aside.hasRoom(after: waited) { stopListening() }
        } else {
            let most = environment.configuration.ingest.groupRecordsMax
            let hasRoom = { [self] in
                intake.records < most && admission.pending < Self.groupBytesMax
            }
            while hasRoom(), let question = aside.take() { take(question) }
            if aside.isEmpty { gather(while: hasRoom) }
            commit()
        }
        answerFetches()
    }

    /// A group is written in less.
    private static let crowdedRetryMs: UInt32 = 20

    private func gather(while hasRoom: () -> Bool) {
        do throws(ZeroMQError) {
            var more = true
            crowded = 0
            // Not for ever: what is refused fills nothing.
            while more && hasRoom() && crowded < Limits.receivesPerTurn {
                more = try front?.drain(max: 1, asked: { take($0, $1, $2, $3, $4) }) ?? 0 > 0
            }
        } catch {
            environment.log.error("receiving failed", ["error": "\(error)"])
        }
    }

    private func take(_ question: Aside.Question) {
        let answer = take(
            question.routing, question.sender, question.header, question.frame.span,
            question.body)
        if let answer { front?.reply(to: question.routing, answer) }
    }

    private func take(
        _ routing: RoutingID, _ sender: String, _ header: Header, _ frame: Span<UInt8>,
        _ body: Range<Int>
    ) -> [UInt8]? {
        if header.kind == .fetch { return take(fetch: routing, header, frame, body) }
        if let writing {
            let now = Clock.monotonic()
            let question = Aside.Question(routing, sender, header, frame, body)
            if aside.put(question, at: now, after: now - writing.since) { return nil }
            crowded += 1
            counts.note(refused: .overloaded)
            return Frame.refuse(
                header, .overloaded,
                "others send too, and this key has much waiting; nothing was taken",
                retryAfterMs: Self.crowdedRetryMs)
        }
        if header.kind == .retentionRequest { return take(retention: header, frame, body) }
        if header.kind == .rejectsRequest {
            return take(rejects: routing, sender, header, frame, body)
        }
        do {
            let verdict = try intake.take(
                frame, body: body, sender: sender, nowMs: Clock.wallMs(), held: held,
                admit: { producer, bytes in
                    admission.admit(
                        producer, of: sender, bytes: bytes,
                        atMs: Clock.monotonic().milliseconds)
                })
            answers.append((routing, header, verdict))
            if !header.traceID.isEmpty { noteAccepted(header, verdict) }
            return nil
        } catch {
            return refusal(header, error)
        }
    }

    /// What the log says of producers.
    private var held: Intake.Held {
        Intake.Held(
            lookUp: { [log] name in
                try log.use { log in
                    try log.producerState(name).map {
                        Intake.Standing(
                            epoch: $0.epoch, sequence: $0.lastSequence,
                            owner: log.owner(ofProducer: name))
                    }
                }
            },
            storedResult: { [log] producer, epoch, sequence in
                try log.use {
                    try $0.storedReply(producer: producer, epoch: epoch, sequence: sequence)
                }
            },
            namesOf: { [log] key in log.use { $0.producerCount(ofKey: key) } })
    }
}
