import Archive
import Features
import Foundation
import Identity
import LiveAudiences
package import Messages
import ModelTraining
package import Runtime
import System
import ZeroMQ

/// Follows the outboxes of all feature workers, trains models on schedule and on demand, keeps
/// their files and announces versions.
package actor TrainerRole: Role {
    package static let kind = RoleKind.trainer
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    let environment: RoleEnvironment
    var front: Front?
    private var announcer: Socket?
    /// Nil where no tag is declared.
    private var audiences: AudienceDesk?
    /// By the worker's index.
    private var feeds: [Int: OutboxFeed] = [:]
    private let cursor = OutboxCursor()
    private var assigned: UInt64 = 0
    private(set) var intake: TrainingIntake
    var store: ModelStore
    var schedule: TrainingSchedule
    private var notes: [String: String] = [:]
    private var waiting: [(routing: RoutingID, header: Header)] = []
    private var sequence: UInt64 = 0
    private var received: UInt64 = 0
    private var rounds: UInt64 = 0
    private var failures: UInt64 = 0

    package init(environment: RoleEnvironment) throws {
        self.environment = environment
        let settings = environment.configuration.trainer
        intake = TrainingIntake(
            interactionsMax: settings.interactionsMax, featureCount: FeatureCatalogue.names.count)
        store = try StartFailure.naming("the folder of models") {
            try ModelStore(folder: environment.folder.modelsFolder, keep: settings.keepVersions)
        }
        schedule = TrainingSchedule(settings: settings, now: Clock.monotonic())
    }

    package func start() async throws -> [String] {
        let endpoints = environment.endpoints
        announcer = try environment.bind(.publisher, [endpoints.models])
        front = try Front(
            .workServer, environment: environment, endpoints: [endpoints.trainer],
            kinds: [.trainRequest, .modelsRequest, .audienceRequest])
        audiences = try AudienceDesk(environment)
        if !environment.supervisor.isConnected {
            follow(
                Dictionary(
                    uniqueKeysWithValues: (0..<endpoints.workers).map {
                        ($0, endpoints.partitions(ofWorker: $0))
                    }))
        }
        if let token = front?.pollToken {
            environment.loop.onReadable(token) { [weak self] in
                self?.assumeIsolated { $0.answer() }
            }
        }
        environment.loop.schedule(after: .zero, repeating: .milliseconds(100)) { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
        environment.loop.schedule(after: .zero, repeating: .seconds(1)) { [weak self] in
            self?.assumeIsolated { $0.announce() }
        }
        if let audiences {
            if let token = audiences.pollToken {
                environment.loop.onReadable(token) { [weak self] in
                    self?.assumeIsolated { $0.audiences?.drain() }
                }
            }
            environment.loop.schedule(after: .zero, repeating: AudienceDesk.every) { [weak self] in
                self?.assumeIsolated { $0.audiences?.tick() }
            }
        }
        return [endpoints.trainer, endpoints.models]
    }

    package func vitals() -> RoleVitals {
        var vitals = RoleVitals()
        vitals.progress = received + rounds
        let now = Clock.monotonic()
        vitals.waiting = feeds.values.reduce(0) { $0 + $1.reader.reachableLag(at: now) }
        vitals.count("interactions", intake.interactionCount)
        vitals.count("examples", intake.exampleCount)
        vitals.count("examples_skipped", intake.examplesSkipped)
        vitals.count("training_rounds", rounds)
        vitals.count("training", schedule.isTraining ? 1 : 0)
        vitals.count("failures", failures)
        for model in store.current { vitals.count("version.\(model.name)", model.version) }
        if let counts = front?.counts {
            (counts + (audiences?.frontCounts ?? FrontCounts())).put(into: &vitals)
        }
        vitals.count("audience_users", audiences?.users ?? 0)
        vitals.count("audience_moves", audiences?.published ?? 0)
        vitals.count("audience_pending", audiences?.pending ?? 0)
        vitals.count("audience_complete", audiences?.isComplete == true ? 1 : 0)
        vitals.count("audience_failures", audiences?.failures ?? 0)
        return vitals
    }

    package func cutListeners() {
        do {
            try announcer?.rebind([environment.endpoints.models])
            try audiences?.cutListeners()
        } catch {
            environment.fail(.temporary, "listeners cannot be cut off: \(error)")
        }
    }

    package func stop() async {
        if let token = front?.pollToken { environment.loop.unregister(token) }
        if let token = audiences?.pollToken { environment.loop.unregister(token) }
        follow([:])
        for asker in waiting {
            front?.reply(
                to: asker.routing,
                Frame.refuse(asker.header, .shuttingDown, "the trainer stops; ask again later"))
        }
        waiting = []
        front = nil
        announcer = nil
        audiences = nil
    }

    // MARK: Data

    package func assign(_ assignment: Assignment) {
        guard assignment.version > assigned else { return }
        assigned = assignment.version
        var wanted: [Int: [Int]] = [:]
        for member in assignment.members { wanted[Int(member)] = [] }
        for partition in assignment.workers.indices {
            guard let worker = assignment.worker(of: partition) else { continue }
            wanted[worker, default: []].append(partition)
        }
        follow(wanted)
    }

    /// One feed for each worker, with the partitions it owns; each goes on where the one before it
    /// was.
    private func follow(_ wanted: [Int: [Int]]) {
        audiences?.follow(Set(wanted.keys))
        for (worker, feed) in feeds where wanted[worker] == nil {
            environment.loop.unregister(feed.reader.pollToken)
            feeds[worker] = nil
        }
        for (worker, partitions) in wanted {
            if let feed = feeds[worker] {
                feed.follow(partitions, at: Clock.monotonic())
                continue
            }
            do {
                let feed = try OutboxFeed(
                    environment: environment, worker: worker, partitions: partitions,
                    cursor: cursor)
                feeds[worker] = feed
                environment.loop.onReadable(feed.reader.pollToken) { [weak self] in
                    self?.assumeIsolated { $0.pull(worker) }
                }
            } catch {
                failures += 1
                environment.log.error(
                    "no way to a worker", ["worker": "\(worker)", "error": "\(error)"])
            }
        }
    }

    /// Whether every outbox has been read to its end.
    private var isCaughtUp: Bool {
        feeds.values.reduce(0) { $0 + $1.partitions.count } == Endpoints.partitions
            && feeds.values.allSatisfy { $0.reader.isCaughtUp }
    }

    private func pull(_ worker: Int) {
        guard let feed = feeds[worker] else { return }
        do {
            // Some answers, then back to the loop: others wait too.
            for _ in 0..<4 {
                let taken = try feed.receive(at: Clock.monotonic()) { intake.add($0) }
                if taken == 0 { break }
                received += UInt64(taken)
            }
        } catch LogReaderFailure.refused(.notOwner, _) {
            // On its way to another worker: the reader asks again, and soon somebody else.
        } catch {
            failures += 1
            environment.log.warning(
                "outbox not read", ["worker": "\(worker)", "error": "\(error)"])
        }
    }

    private func tick() {
        let now = Clock.monotonic()
        for feed in feeds.values {
            do {
                try feed.reader.tick(at: now)
            } catch {
                failures += 1
                environment.log.warning("cannot ask for the outbox", ["error": "\(error)"])
            }
        }
        let names = schedule.due(
            at: now, caughtUp: isCaughtUp,
            interactions: intake.interactionCount, received: received)
        if let names { train(names) }
    }

    // MARK: Training

    private func train(_ names: Set<ModelName>) {
        let (rows, pipeline) = (intake.rows, ServedPipeline(environment.configuration))
        let folder = environment.folder
        environment.log.info(
            "training", ["models": names.map(\.rawValue).sorted().joined(separator: " ")])
        // A thread of its own, so that the loop keeps beating while it works.
        let thread = Thread { [weak self] in
            let graph = Result { try LinkReader.graph(of: folder) }
            let trained = graph.map { graph in
                TrainingJob(
                    data: TrainingData(rows, joining: graph), pipeline: pipeline, names: names,
                    featureNames: FeatureCatalogue.names
                ).run()
            }
            Task { await self?.finish(trained) }
        }
        thread.stackSize = 16 << 20
        thread.start()
    }

    private func finish(_ round: Result<[TrainedModel], any Error>) {
        rounds += 1
        if case .failure(let error) = round {
            failures += 1
            environment.log.error(
                "nothing trained: who is who cannot be read", ["error": "\(error)"])
        }
        for model in (try? round.get()) ?? [] {
            let name = model.name.rawValue
            notes[name] = model.isTrained ? nil : model.note
            if model.isTrained {
                publish(model)
            } else {
                environment.log.info("not trained", ["model": name, "why": model.note])
            }
        }
        schedule.finished(at: Clock.monotonic())
        announce()
        let answerable = schedule.isIdle ? waiting : []
        for asker in answerable {
            front?.reply(to: asker.routing, Frame.answer(asker.header, models()))
        }
        if schedule.isIdle { waiting = [] }
    }

    private func publish(_ model: TrainedModel) {
        do {
            let made = try store.publish(model, nowMs: Clock.wallMs())
            environment.log.info(
                "model",
                [
                    "name": made.name, "version": "\(made.version)", "rows": "\(made.rows)",
                    "ms": "\(made.trainingMs)",
                ])
        } catch {
            failures += 1
            notes[model.name.rawValue] = "could not be written: \(error)"
            environment.log.error(
                "model not written", ["name": model.name.rawValue, "error": "\(error)"])
        }
    }

    // MARK: Answers

    private func answer() {
        do {
            _ = try front?.drain(max: Limits.receivesPerTurn) { answer($0, $1, $2, $3) }
        } catch {
            failures += 1
            environment.log.error("receiving failed", ["error": "\(error)"])
        }
    }

    private func answer(
        _ routing: RoutingID, _ header: Header, _ frame: Span<UInt8>, _ body: Range<Int>
    ) -> [UInt8]? {
        if header.kind == .modelsRequest { return Frame.answer(header, models()) }
        do throws(FrameError) {
            if header.kind == .audienceRequest {
                let request = try Frame.decode(
                    AudienceRequest.self, frame, body: body, header: header)
                return audience(header, request)
            }
            let request = try Frame.decode(TrainRequest.self, frame, body: body, header: header)
            let names = request.names.compactMap(ModelName.init(rawValue:))
            guard names.count == request.names.count else {
                let known = ModelName.allCases.map(\.rawValue).joined(separator: ", ")
                return Frame.refuse(header, .badRequest, "the models are: \(known)")
            }
            guard waiting.count < 64 else {
                return Frame.refuse(
                    header, .overloaded, "too many wait for training", retryAfterMs: 5000)
            }
            schedule.request(
                names.isEmpty ? Set(ModelName.allCases) : Set(names), at: Clock.monotonic())
            waiting.append((routing, header))
            return nil
        } catch {
            return error.reply
        }
    }

    private func audience(_ header: Header, _ request: AudienceRequest) -> [UInt8] {
        audiences?.answer(header, request)
            ?? Frame.refuse(
                header, .badRequest,
                "no tag is called \(request.tag); limn.json5 declares none")
    }

    /// The current models, and those that could not be trained with the reason.
    private func models() -> Models {
        var answer = Models()
        answer.incarnation = environment.incarnation
        answer.sequence = sequence
        answer.models = store.current
        for (name, note) in notes.sorted(by: { $0.key < $1.key }) {
            if let place = answer.models.firstIndex(where: { $0.name == name }) {
                answer.models[place].note = "kept; not trained anew: \(note)"
            } else {
                var model = Model()
                model.name = name
                model.note = note
                answer.models.append(model)
            }
        }
        return answer
    }

    private func announce() {
        sequence += 1
        // Whoever misses this one hears the next: the newest names the same versions.
        try? announcer?.send(Frame.encode(Header(kind: .models), body: models()))
    }
}
