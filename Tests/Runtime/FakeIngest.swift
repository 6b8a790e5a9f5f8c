import Messages
import System
import Synchronization
import ZeroMQ

@testable import Runtime

/// An ingest that keeps its promises over an unreliable link: it loses answers and whole requests.
actor FakeIngest: Role {
    static let kind = RoleKind.ingest
    /// By data folder, since suites run side by side.
    static let faults = Mutex<[String: Faults]>([:])

    /// Which request numbers go wrong.
    struct Faults {
        var loseAnswer: Set<Int> = []
        var loseRequest: Set<Int> = []
        var overload: Set<Int> = []
        var failStart = false
    }

    let environment: RoleEnvironment
    private var socket: Socket?
    private var next: UInt64 = 1
    private var results: [UInt64: BatchResult] = [:]
    private var requests = 0
    private(set) var stored: [String] = []
    private(set) var isStopped = false

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    init(environment: RoleEnvironment) throws { self.environment = environment }

    func start() async throws -> [String] {
        if faults.failStart {
            throw StartFailure(.configuration, "told to fail")
        }
        let socket = try environment.bind(.eventServer, [environment.endpoints.ingest])
        environment.loop.onReadable(socket.pollToken) { self.assumeIsolated { $0.drain() } }
        self.socket = consume socket
        return [environment.endpoints.ingest]
    }

    private var faults: Faults {
        Self.faults.withLock { $0[environment.folder.path] ?? Faults() }
    }

    func vitals() -> RoleVitals {
        var vitals = RoleVitals()
        vitals.progress = UInt64(stored.count)
        vitals.count("stored", stored.count)
        return vitals
    }

    func stop() async {
        if let token = socket?.pollToken { environment.loop.unregister(token) }
        socket = nil
        isStopped = true
    }

    private func drain() {
        while let delivery = (try? socket?.receiveDelivery()) ?? nil {
            guard let (header, body) = try? Frame.decode(delivery.payload.bytes),
                environment.authorisation.allows(delivery.payload.userID, header.kind),
                let batch = try? EventBatch(decoding: delivery.payload.bytes.extracting(body))
            else { continue }
            requests += 1
            let faults = faults
            if faults.loseRequest.contains(requests) { continue }
            let reply = answer(header, batch, overloaded: faults.overload.contains(requests))
            if faults.loseAnswer.contains(requests) { continue }
            try? socket?.send(to: delivery.sender, reply)
        }
    }

    private func answer(_ header: Header, _ batch: EventBatch, overloaded: Bool) -> [UInt8] {
        if let known = results[batch.sequence] { return Frame.answer(header, known) }
        if overloaded { return Frame.refuse(header, .overloaded, "full", retryAfterMs: 5) }
        guard batch.sequence == next else {
            return Frame.refuse(header, .sequenceGap, "expected \(next)")
        }
        next += 1
        for record in batch.records {
            if case .event(let event) = record.content { stored.append(event.userID) }
        }
        var result = BatchResult()
        result.sequence = batch.sequence
        result.accepted = UInt32(batch.records.count)
        results[batch.sequence] = result
        return Frame.answer(header, result)
    }
}
