import Messages
import Testing
import ZeroMQ

@testable import Ingest

@Suite("What waits while a group is written")
struct AsideTests {
    /// A socket that takes turns between connections which always have something, and an ingest
    /// that takes half a megabyte per group and reads while it is written.
    struct World {
        var aside = Aside()
        var connections: [(key: String, bytes: Int)]
        var turn = 0
        var now: Duration = .zero
        var taken: [String: Int] = [:]
        var refused: [String: Int] = [:]

        mutating func group(receives: Int) {
            now += .milliseconds(5)
            var left = receives
            while left > 0, aside.hasRoom(after: .milliseconds(2)) {
                left -= 1
                turn = (turn + 1) % connections.count
                let (key, bytes) = connections[turn]
                let frame = [UInt8](repeating: 0, count: bytes)
                let question = Aside.Question(
                    RoutingID([UInt8(turn)]), key, Header(kind: .eventBatch), frame.span,
                    0..<bytes)
                if !aside.put(question, at: now, after: .milliseconds(2)) {
                    refused[key, default: 0] += 1
                }
            }
            var bytes = 0
            while bytes < 512 << 10, let question = aside.take() {
                bytes += question.frame.count
                taken[question.sender, default: 0] += 1
            }
        }
    }

    @Test("a key with a hundred connections leaves an honest one more than half of its rate")
    func crowd() {
        func honest(beside crowd: Int) -> (taken: Int, world: World) {
            let hostile = [(key: "hostile", bytes: 60_000)]
            var world = World(
                connections: [("honest", 20_000)]
                    + (0..<crowd).flatMap { _ in hostile })
            for _ in 0..<200 { world.group(receives: crowd + 1) }
            return (world.taken["honest"] ?? 0, world)
        }
        // One connection that has one message for each round of the socket.
        let (alone, _) = honest(beside: 0)
        let (beside, world) = honest(beside: 100)
        #expect(alone == 200)
        #expect(beside >= alone / 2, "\(beside) of \(alone)")
        #expect(world.refused["honest"] == nil)
        #expect(world.taken["hostile"] ?? 0 > 200, "what is left over is its own")
    }

    @Test("busy keys with a connection each are refused nothing, and share")
    func share() {
        var world = World(connections: [("a", 100_000), ("b", 10_000), ("c", 30_000)])
        for _ in 0..<300 { world.group(receives: 256) }
        #expect(world.refused.isEmpty)
        #expect(world.taken.values.allSatisfy { $0 > 300 }, "\(world.taken)")
    }

    @Test("a key's own order is kept, and a lone key has all of the room")
    func order() {
        var aside = Aside()
        var put = 0
        while aside.hasRoom(after: .zero) {
            let frame = [UInt8](repeating: 0, count: 1000)
            let isPut = aside.put(
                Aside.Question(
                    RoutingID([UInt8(put % 50)]), "k",
                    Header(kind: .eventBatch, requestID: UInt64(put)), frame.span, 0..<1000),
                at: .zero, after: .zero)
            #expect(isPut)
            put += 1
        }
        #expect(put * 1000 >= 1 << 20)
        for number in 0..<put { #expect(aside.take()?.header.requestID == UInt64(number)) }
        #expect(aside.isEmpty && aside.take() == nil)
    }
}
