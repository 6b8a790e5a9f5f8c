import Glibc
import Messages
import Randomness
import Runtime
import System
import TestSupport
import ZeroMQ

/// What a program with a valid key can do, whether it means harm or only knows no better.
extension ChaosFault {
    static var attacks: [ChaosFault] { [tinyBatches, hostileKey] }

    /// A log of many small groups: batches of one event, each written before the next comes. Then
    /// whoever reads the log from its beginning starts again.
    private static var tinyBatches: ChaosFault {
        ChaosFault(name: "tiny-batches", needsIngest: true, spoilsScoring: true) { world, _ in
            let until = Clock.monotonic() + .seconds(2)
            var groups = 0
            while groups < 2000, Clock.monotonic() < until {
                _ = try world.twin.send(world.twin.single(world.history), world).get()
                groups += 1
            }
            guard let pid = world.pid(.scoring) else { return .missed }
            kill(pid, SIGKILL)
            world.kills += 1
            return Injection(what: "\(groups) groups of one event, then scoring anew", gone: pid)
        }
    }

    /// A key that may send and ask, in hands that wish the others harm: it takes their names, uses
    /// up names, sends messages of many parts and parks questions without an end. The twin, which
    /// has a key of its own, must be served all the same.
    private static var hostileKey: ChaosFault {
        ChaosFault(name: "hostile-key", needsIngest: true) { world, dice in
            let ends = world.cluster.endpoints
            let line = try RequestClient(
                endpoint: ends.ingest, keys: world.hostile, role: .eventClient)
            steal(by: line, world)
            let until = Clock.monotonic() + .seconds(1)
            let name = dice.below(1 << 20)
            var names = 0
            while names < 200, Clock.monotonic() < until {
                var batch = EventBatch()
                (batch.producer, batch.epoch, batch.sequence) = ("n-\(name)-\(names)", 1, 1)
                _ = try? line.ask(
                    .eventBatch, batch, as: BatchResult.self, timeout: .milliseconds(200))
                names += 1
            }
            sendParts(to: ends.ingest, .event, world)
            sendParts(to: ends.scoring(0), .scoring, world)
            try park(world)
            _ = try world.twin.send(world.twin.batch(world.history), world).get()
            return Injection(
                what: "another's name, \(names) names, 64 MiB in parts, 300 questions for ever")
        }
    }

    /// Sends under the name of the twin, whose batches ingest has taken already.
    static func steal(by line: RequestClient, _ world: World) {
        if let result = try? line.ask(
            .eventBatch, theft(of: Twin.name), as: BatchResult.self,
            timeout: .milliseconds(500)), result.accepted > 0
        {
            world.violated("I11", "another key went on under the name of \(Twin.name)")
        }
    }

    /// A batch that would end another producer's epoch.
    private static func theft(of name: String) -> EventBatch {
        var event = Event()
        (event.userID, event.type, event.itemID) = ("thief", .view, "item-1")
        (event.timeMs, event.eventID) = (FixtureTime.nowMs, "intruder.name")
        var record = Record()
        record.content = .event(event)
        var batch = EventBatch()
        (batch.producer, batch.epoch, batch.sequence) = (name, 1 << 40, 1)
        batch.records = [record]
        return batch
    }

    private static func sendParts(
        to endpoint: String, _ role: SocketRoleName, _ world: World
    ) {
        guard let line = try? Socket(role.role, in: Context(), security: world.hostile.connecting),
            (try? line.connect(endpoint)) != nil
        else { return }
        _ = line.waitWritable(milliseconds: 300)
        let part = [UInt8](repeating: 0x41, count: 200 << 10)
        for _ in 0..<5 { try? line.send(parts: Array(repeating: part, count: 64)) }
    }

    /// Questions about nobody in particular that may wait as long as they like.
    private static func park(_ world: World) throws {
        let line = try Socket(.scoringClient, in: Context(), security: world.hostile.connecting)
        try line.connect(world.cluster.endpoints.scoring(0))
        _ = line.waitWritable(milliseconds: 300)
        for number in 0..<300 {
            var request = ProfileRequest()
            request.userID = "nobody-\(number)"
            var header = Header(kind: .profileRequest, requestID: UInt64(number))
            header.timeoutMs = .max
            try? line.send(Frame.encode(header, body: request))
        }
    }
}
