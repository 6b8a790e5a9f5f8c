import Foundation
import Glibc
import Messages
import Randomness
import Runtime
import System
import TestSupport
import ZeroMQ

extension ChaosFault {
    static var clients: [ChaosFault] {
        [
            duplicate, reorder, badRecords, badFrames, oversized, flood, strangers, wrongVerb,
            garbage, slowloris, churn, equalHashes,
        ]
    }

    private static var duplicate: ChaosFault {
        ChaosFault(name: "duplicate", needsIngest: true) { world, _ in
            let batch = world.twin.batch(world.history)
            let first = try world.twin.send(batch, world).get()
            let again = try world.twin.send(batch, world).get()
            if !again.already || again.accepted != first.accepted {
                world.violated("I1", "batch \(batch.sequence) of the twin was taken twice")
            }
            return Injection(what: "batch \(batch.sequence) twice")
        }
    }

    private static var reorder: ChaosFault {
        ChaosFault(name: "reorder", needsIngest: true) { world, _ in
            let first = world.twin.batch(world.history)
            let second = world.twin.batch(world.history)
            if case .success = try world.twin.send(second, world) {
                world.violated("I3", "batch \(second.sequence) of the twin was taken too early")
            }
            _ = try world.twin.send(first, world).get()
            _ = try world.twin.send(second, world).get()
            return Injection(what: "\(second.sequence) before \(first.sequence)")
        }
    }

    /// Bad records between good neighbours: refused one by one, the neighbours taken.
    private static var badRecords: ChaosFault {
        ChaosFault(name: "bad-records", needsIngest: true) { world, _ in
            var batch = world.twin.batch(world.history)
            let good = batch.records.count { record in
                if case .event(let event) = record.content { event.price.isFinite } else { false }
            }
            var bad: [Event] = []
            for _ in 0..<5 { bad.append(Event()) }
            for place in bad.indices {
                (bad[place].userID, bad[place].type) = ("bad", .view)
                (bad[place].itemID, bad[place].timeMs) = ("item-1", FixtureTime.nowMs)
            }
            bad[0].userID = ""
            bad[1].price = .infinity
            bad[2].timeMs = 0
            bad[3].type = EventType(rawValue: 99)
            bad[4].text = String(repeating: "x", count: 1 << 17)
            for (place, event) in bad.enumerated() {
                var record = Record()
                record.content = .event(event)
                batch.records.insert(record, at: place * 2)
            }
            let result = try world.twin.send(batch, world).get()
            let others = result.rejects.count { $0.code != .timeOutOfRange } - (bad.count - 1)
            if others > batch.records.count - bad.count - good {
                world.violated("I1", "good neighbours of bad records were refused: \(result)")
            }
            return Injection(what: "\(bad.count) bad records between \(good) good ones")
        }
    }

    /// Visitors whose ids were made to meet in every table that is not keyed.
    private static var equalHashes: ChaosFault {
        ChaosFault(name: "equal-hashes", needsIngest: true) { world, _ in
            let batch = world.twin.crowd(100, world.history)
            _ = try world.twin.send(batch, world).get()
            return Injection(what: "\(batch.records.count) users of one hash")
        }
    }

    private static func raw(
        _ world: World, _ endpoint: String, _ role: SocketRoleName, _ security: Security
    ) throws -> Socket {
        let socket = try Socket(role.role, in: Context(), security: security)
        try socket.connect(endpoint)
        _ = socket.waitWritable(milliseconds: 300)
        return socket
    }

    private static var badFrames: ChaosFault {
        ChaosFault(name: "bad-frames") { world, dice in
            let ends = world.cluster.endpoints
            let servers: [(String, SocketRoleName)] = [
                (ends.ingest, .event), (ends.scoring(0), .scoring), (ends.control, .control),
            ]
            let (endpoint, role) = servers[dice.below(3)]
            let line = try raw(world, endpoint, role, world.cluster.keys(.client).connecting)
            for _ in 0..<50 {
                let bytes = (0..<dice.below(200)).map { _ in UInt8(dice.below(256)) }
                try? line.send(bytes)
                try? line.send(parts: [bytes, bytes, []])
            }
            return Injection(what: "100 random frames to \(role)")
        }
    }

    private static var oversized: ChaosFault {
        ChaosFault(name: "oversized-frame") { world, _ in
            let line = try raw(
                world, world.cluster.endpoints.ingest, .event,
                world.cluster.keys(.client).connecting)
            try? line.send([UInt8](repeating: 0x41, count: 10 << 20))
            return Injection(what: "10 MiB to ingest")
        }
    }

    /// A third producer as fast as it can, with a window as large as it may.
    private static var flood: ChaosFault {
        ChaosFault(name: "flood") { world, dice in
            try world.traffic.startFlood(
                endpoint: world.cluster.endpoints.ingest, number: dice.below(1 << 30))
            return Injection(what: "4500 events at once")
        }
    }

    /// Four who must not get in: nothing of theirs may be handled.
    private static var strangers: ChaosFault {
        ChaosFault(name: "strangers") { world, _ in
            let known = try world.cluster.keys(.client)
            let stranger = try KeyPair.generate()
            let wrongServer = try KeyPair.generate().publicKey
            let kinds: [Security] = [
                .unprotected, .client(server: known.serverPublicKey, own: stranger),
                .client(server: wrongServer, own: known.own),
                .client(server: wrongServer, own: stranger),
            ]
            var event = Event()
            (event.userID, event.type, event.itemID) = ("intruder", .view, "item-1")
            (event.timeMs, event.eventID) = (FixtureTime.nowMs, "intruder.1")
            var record = Record()
            record.content = .event(event)
            var batch = EventBatch()
            (batch.producer, batch.epoch, batch.sequence) = ("intruder", 1, 1)
            batch.records = [record]
            let frame = Frame.encode(Header(kind: .eventBatch, requestID: 1), body: batch)
            for security in kinds {
                let line = try raw(world, world.cluster.endpoints.ingest, .event, security)
                try? line.send(frame)
                _ = line.waitReadable(milliseconds: 100)
                if let answer = try? line.receive() {
                    world.violated("I8", "a stranger was answered: \(answer.copyBytes().count) B")
                }
            }
            return Injection(what: "no key, unknown key, wrong server key, both wrong")
        }
    }

    private static var wrongVerb: ChaosFault {
        ChaosFault(name: "wrong-verb", spoilsScoring: false) { world, _ in
            let ends = world.cluster.endpoints
            let questions: [(String, SocketRole, Kind)] = [
                (ends.ingest, .eventClient, .fetch), (ends.control, .controlClient, .stop),
                (ends.trainer, .workClient, .trainRequest),
            ]
            for (endpoint, role, kind) in questions {
                let client = try RequestClient(
                    endpoint: endpoint, keys: world.cluster.keys(.client), role: role)
                do {
                    _ = try client.ask(
                        kind, Fetch(), as: Fetched.self, timeout: .milliseconds(500))
                    world.violated("I8", "a client's key was allowed \(kind.name)")
                } catch RequestFailure.refused(let code, _, _) where code != .notAuthorised {
                    world.violated("I8", "\(kind.name) by a client's key: \(code.name)")
                } catch {
                    // Refused as it must be, or the role is away at the moment.
                }
            }
            return Injection(what: "fetch, stop and train with a client's key")
        }
    }

    private static func servers(_ world: World) -> [String] {
        world.cluster.sockets().map { "\(world.cluster.folder.runFolder)/\($0)" }
    }

    /// Bytes that are no ZMTP, or begin like it.
    private static var garbage: ChaosFault {
        ChaosFault(name: "garbage-bytes") { world, dice in
            let paths = servers(world)
            guard !paths.isEmpty else { return .missed }
            let greeting: [UInt8] =
                [0xff] + [UInt8](repeating: 0, count: 8) + [0x7f, 3, 1]
                + Array("CURVE".utf8) + [UInt8](repeating: 0, count: 15 + 32)
            // A frame that says it is 1 GiB long.
            let giant: [UInt8] = [2, 0, 0, 0, 0, 0x40, 0, 0, 0]
            for round in 0..<40 {
                let file = LocalSocket.connect(paths[dice.below(paths.count)])
                guard file >= 0 else { continue }
                let noise = (0..<dice.below(500)).map { _ in UInt8(dice.below(256)) }
                let bytes = round % 3 == 0 ? noise : greeting + (round % 3 == 1 ? giant : noise)
                _ = LocalSocket.write(file, bytes[...])
                close(file)
            }
            return Injection(what: "40 connections of junk")
        }
    }

    /// Connections that say nothing, or too little too slowly.
    private static var slowloris: ChaosFault {
        ChaosFault(name: "slowloris") { world, dice in
            let paths = servers(world).filter { !$0.contains("control") }
            guard !paths.isEmpty else { return .missed }
            let path = paths[dice.below(paths.count)]
            let files = (0..<100).map { _ in LocalSocket.connect(path) }.filter { $0 >= 0 }
            let isOver = Flag()
            Thread {
                while !isOver.isSet {
                    for file in files.prefix(50) { _ = LocalSocket.write(file, [0xff]) }
                    Clock.pause(.milliseconds(200))
                }
                files.forEach { close($0) }
            }.start()
            return Injection(
                what: "\(files.count) idle connections", lasts: .milliseconds(1000),
                heal: { isOver.set() })
        }
    }

    private static var churn: ChaosFault {
        ChaosFault(name: "churn") { world, dice in
            let paths = servers(world)
            guard !paths.isEmpty else { return .missed }
            let path = paths[dice.below(paths.count)]
            for _ in 0..<300 {
                let file = LocalSocket.connect(path)
                if file >= 0 { close(file) }
            }
            return Injection(what: "300 connections, closed at once")
        }
    }
}
