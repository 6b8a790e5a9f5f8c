package import Runtime
import Archive
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
/// Everything happens on one loop. While a commit waits for the disk, further batches gather in the
/// socket, so that the next commit is larger: the busier, the fewer commits per event.
package actor IngestRole: Role {
    package static let kind = RoleKind.ingest
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    let environment: RoleEnvironment
    let log: SQLiteEventLog
    var intake: Intake
    var admission: Admission
    /// By which event ids are forgotten.
    let steady: SteadyClock
    var tail: TailCache
    var desk = FetchDesk()
    var ends: [UInt64]
    /// The first offset that is kept, of every partition.
    var firsts: [UInt64]
    var retention = RetentionPass()
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
    /// Where the next fetch begins its round over the partitions.
    var fetchTurn = 0

    package init(environment: RoleEnvironment) throws {
        self.environment = environment
        let settings = environment.configuration.ingest
        (log, intake, ends, firsts, steady, backlog) = try StartFailure.naming("the event log") {
            let log = try SQLiteEventLog(folder: environment.folder.logFolder)
            log.rejectLimits = RejectLimits(
                rowsMax: settings.rejectsMax, bytesMax: settings.rejectsBytesMax)
            let (ids, steady) = try Self.readEventIDs(log, settings)
            let (items, graph) = try Self.readCatalogue(log)
            let intake = Intake(
                items: items, eventIDs: ids, poison: try PoisonGuard(environment), graph: graph,
                linkRules: LinkRules(
                    identifiersMax: settings.identifiersMax,
                    blocked: settings.identifiersBlocked.split(separator: ",").map {
                        String($0.drop { $0 == " " })
                    }), cleaner: RecordCleaner(try environment.configuration.cleaningPlan()))
            return (
                log, intake, try log.ends(), try log.firsts(), steady, try Self.readBacklog(log)
            )
        }
        admission = Admission(
            limits: Admission.Limits(
                spoolBytesMax: settings.spoolBytesMax, diskFreeMin: settings.diskFreeMin))
        savedCommitted = backlog.committed
        tail = TailCache(
            partitions: Partitions.all, bytesMax: environment.configuration.ingest.tailBytesMax)
    }

    package func start() async throws -> [String] {
        let endpoints = environment.endpoints.ingestListen
        front = try Front(
            .eventServer, environment: environment, endpoints: endpoints,
            kinds: [.eventBatch, .fetch, .retentionRequest, .rejectsRequest])
        if let token = front?.pollToken {
            environment.loop.onReadable(token) { [weak self] in
                self?.assumeIsolated { $0.turn() }
            }
        }
        measure()
        environment.loop.schedule(after: Self.measureEvery, repeating: Self.measureEvery) {
            [weak self] in self?.assumeIsolated { $0.measure() }
        }
        environment.loop.schedule(after: .milliseconds(10), repeating: .milliseconds(10)) {
            [weak self] in self?.assumeIsolated { $0.answerFetches() }
        }
        scheduleRetention()
        return endpoints
    }

    /// Items and links as the log has them, read once at the start.
    private static func readCatalogue(
        _ log: SQLiteEventLog
    ) throws -> (ItemDirectory, IdentityGraph) {
        var items = ItemDirectory()
        var graph = IdentityGraph()
        _ = try CatalogueScan(log).forEachRecord(from: log.firsts()[Partitions.catalogue]) {
            _, content, _ in
            switch content {
            case .item(let item): items.put(item)
            case .link(let link): graph.apply(link)
            default: break
            }
        }
        return (items, graph)
    }

    package func vitals() -> RoleVitals {
        var vitals = RoleVitals()
        vitals.progress = counts.batches + counts.fetches
        counts.put(into: &vitals, rules: intake.rules)
        front?.counts.put(into: &vitals)
        putAdmission(into: &vitals)
        vitals.count("log_records", ends.reduce(0, +))
        vitals.count("catalogue_records", ends[Partitions.catalogue])
        vitals.count("catalogue_items", intake.knownItems)
        vitals.count("links", intake.linkCount)
        retention.put(into: &vitals, kept: zip(ends, firsts).reduce(0) { $0 + ($1.0 - $1.1) })
        vitals.traces = traces.take()
        forgetOldMarks()
        return vitals
    }

    package func stop() async {
        turn()
        if let token = front?.pollToken { environment.loop.unregister(token) }
        front = nil
    }

    /// One turn: gather a group, make it durable, answer.
    private func turn() {
        do {
            let most = environment.configuration.ingest.groupRecordsMax
            var more = true
            while more && intake.records < most && admission.pending < Self.groupBytesMax {
                more = try front?.drain(max: 1, asked: { take($0, $1, $2, $3, $4) }) ?? 0 > 0
            }
        } catch {
            environment.log.error("receiving failed", ["error": "\(error)"])
        }
        commit()
        answerFetches()
    }

    private func take(
        _ routing: RoutingID, _ sender: String, _ header: Header, _ frame: Span<UInt8>,
        _ body: Range<Int>
    ) -> [UInt8]? {
        if header.kind == .fetch { return take(fetch: routing, header, frame, body) }
        if header.kind == .retentionRequest { return take(retention: header, frame, body) }
        if header.kind == .rejectsRequest {
            return take(rejects: routing, sender, header, frame, body)
        }
        do {
            let verdict = try intake.take(
                frame, body: body, nowMs: Clock.wallMs(),
                lookUp: { name in
                    try log.producerState(name).map {
                        Intake.Standing(epoch: $0.epoch, sequence: $0.lastSequence)
                    }
                }, storedResult: { try log.storedReply(producer: $0, epoch: $1, sequence: $2) },
                admit: { producer, bytes in
                    admission.admit(
                        producer, bytes: bytes, atMs: Clock.monotonic().milliseconds)
                })
            answers.append((routing, header, verdict))
            if !header.traceID.isEmpty { noteAccepted(header, verdict) }
            return nil
        } catch {
            return refusal(header, error)
        }
    }

    private func commit() {
        defer { answers.removeAll(keepingCapacity: true) }
        guard !intake.isEmpty else { return sendAnswers(failure: nil) }
        let group = intake.takeGroup()
        do {
            if Fault.ackBeforeCommit.isOn { answerTooEarly() }
            let started = Clock.monotonicNs()
            let notes = notes(of: group)
            let firsts = try log.append(
                groups: group.blocks, batches: group.batches, rejects: group.rejects,
                notes: notes, receivedMs: Clock.wallMs())
            counts.note(group, ns: Clock.monotonicNs() - started)
            noteWritten(group, notes)
            for (block, first) in zip(group.blocks, firsts) {
                ends[block.partition] = first + UInt64(block.count)
                backlog.append(
                    block.partition, end: ends[block.partition], bytes: block.records.count)
                tail.append(
                    TailCache.CachedBlock(
                        partition: block.partition, firstOffset: first, count: block.count,
                        records: block.records))
            }
            noteDurable(group)
            sendAnswers(failure: nil)
        } catch {
            intake.forget(group)
            admission.endGroup(appendedBytes: 0)
            if case StorageError.diskFull = error {
                admission.noteDiskFull(atMs: Clock.monotonic().milliseconds)
            }
            counts.failedCommits += 1
            environment.log.error("commit failed", ["error": "\(error)"])
            sendAnswers(failure: error)
            if case StorageError.fatal = error { environment.fail(.io, "\(error)") }
        }
    }

    /// What must never happen, long enough before the commit for a test to see it.
    private func answerTooEarly() {
        sendAnswers(failure: nil)
        answers = []
        Clock.pause(.milliseconds(20))
    }

    private func sendAnswers(failure: (any Error)?) {
        if !retryAnswers.isEmpty { sendRetryAnswers(failure: failure) }
        for (routing, header, verdict) in answers {
            let answer: [UInt8]
            switch verdict {
            case .refused(let refusal):
                counts.note(refused: refusal.code)
                answer = Frame.refuse(header, refusal.code, refusal.message)
            case .later(let refused):
                counts.note(refused: refused.code)
                answer = Frame.refuse(
                    header, refused.code, refused.message, retryAfterMs: refused.retryAfterMs)
            case .taken(let result), .already(let result):
                if let failure {
                    answer = refusal(header, failure)
                } else {
                    counts.note(result)
                    answer = Frame.answer(header, result)
                }
            }
            front?.reply(to: routing, answer)
        }
    }

    func refusal(_ header: Header, _ error: any Error) -> [UInt8] {
        switch error {
        case StorageError.diskFull:
            Frame.refuse(
                header, .diskFull, "the disk of the event log is full; nothing was taken",
                retryAfterMs: 1000)
        default:
            Frame.refuse(
                header, .storageFailed, "the event log cannot be written: \(error)",
                retryAfterMs: 1000)
        }
    }
}
