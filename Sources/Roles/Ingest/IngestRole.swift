package import Runtime
import Events
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
    var tail: TailCache
    var desk = FetchDesk()
    var ends: [UInt64]
    /// The first offset that is kept, of every partition.
    var firsts: [UInt64]
    var retention = RetentionPass()
    var front: Front?
    /// Answers that wait for the commit of the group under way.
    private var answers: [(routing: RoutingID, header: Header, verdict: Intake.Verdict)] = []
    var counts = IngestCounts()
    /// Where the next fetch begins its round over the partitions.
    var fetchTurn = 0

    package init(environment: RoleEnvironment) throws {
        self.environment = environment
        (log, intake, ends, firsts) = try StartFailure.naming("the event log") {
            let log = try SQLiteEventLog(folder: environment.folder.logFolder)
            return (log, Intake(items: try Self.readItems(log)), try log.ends(), try log.firsts())
        }
        tail = TailCache(
            partitions: Partitions.all, bytesMax: environment.configuration.ingest.tailBytesMax)
    }

    package func start() async throws -> [String] {
        let endpoints = environment.endpoints.ingestListen
        front = try Front(
            .eventServer, environment: environment, endpoints: endpoints,
            kinds: [.eventBatch, .fetch, .retentionRequest])
        if let token = front?.pollToken {
            environment.loop.onReadable(token) { [weak self] in
                self?.assumeIsolated { $0.turn() }
            }
        }
        environment.loop.schedule(after: .milliseconds(10), repeating: .milliseconds(10)) {
            [weak self] in self?.assumeIsolated { $0.answerFetches() }
        }
        scheduleRetention()
        return endpoints
    }

    /// The catalogue as the log has it, read once at the start.
    private static func readItems(_ log: SQLiteEventLog) throws -> ItemDirectory {
        var items = ItemDirectory()
        var offset = try log.firsts()[Partitions.catalogue]
        while true {
            let blocks = try log.read(
                partition: Partitions.catalogue, from: offset, maxBytes: 4 << 20)
            guard let last = blocks.last, last.endOffset > offset else { return items }
            for block in blocks {
                var reader = BlockReader(block.records.span)
                while let range = try reader.next() {
                    let record = try Record(decoding: block.records.span.extracting(range))
                    if case .item(let item)? = record.content { items.put(item) }
                }
            }
            offset = last.endOffset
        }
    }

    package func vitals() -> RoleVitals {
        var vitals = RoleVitals()
        vitals.progress = counts.batches + counts.fetches
        counts.put(into: &vitals)
        front?.counts.put(into: &vitals)
        vitals.count("log_records", ends.reduce(0, +))
        vitals.count("catalogue_records", ends[Partitions.catalogue])
        vitals.count("catalogue_items", intake.knownItems)
        retention.put(into: &vitals, kept: zip(ends, firsts).reduce(0) { $0 + ($1.0 - $1.1) })
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
            while more && intake.records < most {
                more = try front?.drain(max: 1) { take($0, $1, $2, $3) } ?? 0 > 0
            }
        } catch {
            environment.log.error("receiving failed", ["error": "\(error)"])
        }
        commit()
        answerFetches()
    }

    private func take(
        _ routing: RoutingID, _ header: Header, _ frame: Span<UInt8>, _ body: Range<Int>
    ) -> [UInt8]? {
        if header.kind == .fetch { return take(fetch: routing, header, frame, body) }
        if header.kind == .retentionRequest { return take(retention: header, frame, body) }
        do {
            let verdict = try intake.take(
                frame, body: body, nowMs: Clock.wallMs(),
                lookUp: { name in
                    try log.producerState(name).map {
                        Intake.Standing(epoch: $0.epoch, sequence: $0.lastSequence)
                    }
                }, storedResult: { try log.storedReply(producer: $0, epoch: $1, sequence: $2) })
            answers.append((routing, header, verdict))
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
            let firsts = try log.append(
                groups: group.blocks, batches: group.batches, rejects: group.rejects,
                receivedMs: Clock.wallMs())
            counts.note(group, ns: Clock.monotonicNs() - started)
            for (block, first) in zip(group.blocks, firsts) {
                ends[block.partition] = first + UInt64(block.count)
                tail.append(
                    TailCache.CachedBlock(
                        partition: block.partition, firstOffset: first, count: block.count,
                        records: block.records))
            }
            sendAnswers(failure: nil)
        } catch {
            intake.forget(group)
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
        for (routing, header, verdict) in answers {
            let answer: [UInt8]
            switch verdict {
            case .refused(let refusal):
                counts.refusedBatches += 1
                answer = Frame.refuse(header, refusal.code, refusal.message)
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

    private func refusal(_ header: Header, _ error: any Error) -> [UInt8] {
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
