import Messages
import Runtime
import System
import ZeroMQ

/// How long a whole cluster that knows many users takes from its start to its first answer.
struct StartBench {
    var users = 1_000_000
    /// Greater than the users, so that nearly every one of them is known.
    var events = 3_000_000

    struct Report {
        var knownUsers: Int
        var events: Int
        /// From starting the supervisor to the right profile of a known user.
        var answered: Duration
        /// Until the supervisor called the cluster ready.
        var ready: Duration
        /// Of each process, when it had been asked for one user.
        var memory: [(name: String, bytes: Double)]

        /// Memory of the worker for each known user, its own included: hardly any is hot.
        var workerBytesPerUser: Double {
            let worker = memory.first { $0.name == "features-0" }?.bytes ?? 0
            return worker / Double(max(1, knownUsers))
        }
    }

    func run(progress: (_ stage: String) -> Void) throws -> Report {
        let cluster = try BenchCluster(workers: 1)
        defer { cluster.stop() }
        progress("feeding \(Format.count(events)) events of \(Format.count(users)) users")
        for kind in [RoleKind.ingest, .features] { try cluster.start(kind) }
        let keys = try Keys.load(cluster.folder, as: .client)
        try feed(cluster, keys)
        cluster.stopProcesses()
        let known = cluster.knownUsers()
        progress("starting")
        let started = Clock.monotonic()
        try cluster.startSupervisor()
        let scoring = try RequestClient(endpoint: cluster.endpoints.scoring(0), keys: keys)
        var request = ProfileRequest()
        request.userID = "user-0"
        let deadline = started + .seconds(60)
        while true {
            let profile = try? scoring.ask(
                .profileRequest, request, as: Profile.self, timeout: .milliseconds(200))
            if let profile, !profile.statistics.isEmpty { break }
            guard Clock.monotonic() < deadline else { throw RequestFailure.timedOut }
        }
        let answered = Clock.monotonic() - started
        try waitReady(cluster, until: deadline)
        let ready = Clock.monotonic() - started
        return Report(
            knownUsers: known, events: events, answered: answered, ready: ready,
            memory: try memory(cluster))
    }

    /// As the processes say of themselves, once each has.
    private func memory(_ cluster: BenchCluster) throws -> [(name: String, bytes: Double)] {
        let control = try RequestClient(
            endpoint: cluster.endpoints.control, keys: Keys.load(cluster.folder, as: .operator),
            role: .controlClient)
        let deadline = Clock.monotonic() + .seconds(10)
        while Clock.monotonic() < deadline {
            let status = try control.ask(.statusRequest, StatusRequest(), as: Status.self)
            let found = status.roles.compactMap { role in
                role.counters.first { $0.name == "process.rss_bytes" }
                    .map { ("\(role.role)-\(role.index)", $0.value) }
            }
            if found.count == status.roles.count { return found }
            Clock.pause(.milliseconds(50))
        }
        throw RequestFailure.timedOut
    }

    private func feed(_ cluster: BenchCluster, _ keys: Keys) throws {
        let producer = try ProducerClient(
            endpoint: cluster.endpoints.ingest, keys: keys, producer: "bench", epoch: 1, window: 16)
        var sent = 0
        var number = 0
        while sent < events {
            var batch = EventBatch()
            for _ in 0..<500 {
                var event = Event()
                // Each user in turn, so that all are known after the first round.
                event.userID = "user-\(number % users)"
                event.itemID = "item-\(number % 5000)"
                event.category = "department-\(number % 12)/shelf-\(number % 60)"
                event.type = .view
                event.timeMs = Clock.wallMs() - 1000
                var record = Record()
                record.content = .event(event)
                batch.records.append(record)
                number += 1
            }
            try producer.send(batch.records)
            sent += 500
        }
        try producer.flush(timeout: .seconds(120))
        try cluster.waitUntilCommitted(UInt64(sent), timeout: .seconds(300))
    }

    private func waitReady(_ cluster: BenchCluster, until deadline: Duration) throws {
        let control = try RequestClient(
            endpoint: cluster.endpoints.control, keys: Keys.load(cluster.folder, as: .operator),
            role: .controlClient)
        while Clock.monotonic() < deadline {
            let status = try? control.ask(
                .statusRequest, StatusRequest(), as: Status.self, timeout: .milliseconds(200))
            if status?.state == "ready" { return }
            Clock.pause(.milliseconds(5))
        }
        throw RequestFailure.timedOut
    }
}

extension CommandLineTool {
    /// Cold start to the first answer.
    static func benchStart(_ invocation: Invocation) throws -> ExitCode {
        var bench = StartBench()
        bench.users = try invocation.number("users", default: 1_000_000, in: 1...100_000_000)
        bench.events = try invocation.number(
            "events", default: 3 * bench.users, in: 1_000...1_000_000_000)
        let terminal = invocation.terminal
        let report = try bench.run { stage in terminal.writeError("\(stage) …\n") }
        if invocation.wantsJSON {
            terminal.print(
                .object([
                    ("known_users", .integer(Int64(report.knownUsers))),
                    ("events", .integer(Int64(report.events))),
                    ("answered_ms", .number(report.answered.seconds * 1000)),
                    ("ready_ms", .number(report.ready.seconds * 1000)),
                    ("worker_bytes_per_user", .number(report.workerBytesPerUser)),
                    (
                        "memory_bytes",
                        .object(report.memory.map { ($0.name, .number($0.bytes)) })
                    ),
                ]))
        } else {
            terminal.print(
                "cold start with \(Format.count(report.knownUsers)) known users, "
                    + "\(Format.count(report.events)) events in the log")
            terminal.print("  first right answer   \(Format.duration(report.answered.seconds))")
            terminal.print("  cluster ready        \(Format.duration(report.ready.seconds))")
            let memory = report.memory.map { "\($0.name) \(Format.bytes(Int($0.bytes)))" }
            terminal.print("  memory               \(memory.joined(separator: ", "))")
            terminal.print(
                "  of the worker        \(Int(report.workerBytesPerUser)) bytes per known user")
        }
        return .success
    }
}
