import Messages
import Runtime
import System
import TestSupport

/// Whether the whole works: an event sent now is counted in an answer. A producer of its own, whose
/// events the checkers count like all others.
final class Pulse {
    static let user = "pulse"
    private let folder: DataFolder
    private let history: History
    private var shop: Shop
    private let producer: ProducerClient
    private let scoring: RequestClient
    private let probe: ClusterProbe
    private var sent = 0

    init(_ folder: DataFolder, _ history: History, seed: UInt64) throws {
        self.folder = folder
        self.history = history
        shop = Shop(producer: "pulse", seed: seed, users: 1)
        let endpoints = Endpoints(folder: folder, configuration: Configuration())
        let keys = try Keys.load(folder, as: .client)
        producer = try ProducerClient(
            endpoint: endpoints.ingest, keys: keys, producer: "pulse", epoch: 1)
        producer.resendAfter = .milliseconds(100)
        producer.onResult = { Traffic.note($0, of: "pulse", in: history) }
        scoring = try RequestClient(endpoint: endpoints.scoring(0), keys: keys)
        probe = try ClusterProbe(folder)
    }

    /// Pids of all processes while every one of them is ready, else nil.
    func readyPids() -> [String: Int32]? {
        guard let status = probe.status(), status.state == "ready" else { return nil }
        var pids: [String: Int32] = [:]
        for role in status.roles where role.state == "ready" {
            pids["\(role.role)-\(role.index)"] = Int32(role.pid)
        }
        return pids.count == status.roles.count ? pids : nil
    }

    /// Returns when all roles are ready, none of them `gone`, and a new event is in an answer.
    func waitWhole(gone: Int32 = -1, within limit: Duration) throws {
        let deadline = Clock.monotonic() + limit
        _ = try wait(for: "all roles ready", within: limit) {
            readyPids().flatMap { $0.values.contains(gone) ? nil : $0 }
        }
        try beat(until: deadline)
    }

    func beat(until deadline: Duration) throws {
        let batch = shop.single(user: Self.user)
        Traffic.note(batch, UInt64(shop.batches), of: "pulse", in: history)
        if batch[0].isGood { sent += 1 }
        try producer.send(batch.map(\.record))
        try producer.flush(timeout: max(.milliseconds(1), deadline - Clock.monotonic()))
        let left = max(.milliseconds(1), deadline - Clock.monotonic())
        try wait(for: "event \(sent) in a profile", within: left, every: .milliseconds(5)) {
            () -> Void? in
            var request = ProfileRequest()
            request.userID = Self.user
            let profile = try? scoring.ask(
                .profileRequest, request, as: Profile.self, timeout: .milliseconds(500))
            let seen = profile?.statistics.first { $0.name == "events_life" }?.value ?? 0
            return seen >= Double(sent) ? () : nil
        }
    }
}
