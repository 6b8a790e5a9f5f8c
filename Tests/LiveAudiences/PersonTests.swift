import Audiences
import LiveAudiences
import Messages
import Numerics
import Randomness
import Runtime
import Storage
import System
import TestSupport
import Testing

@Suite("Audiences count persons, whoever is linked and parted meanwhile")
struct PersonTests {
    @Test(
        "members, and the moves towards them, are those of a naive count",
        arguments: 1...3 as ClosedRange<UInt64>)
    func follows(seed: UInt64) throws {
        let world = try Shop()
        var random = SeededRandom(seed: seed)
        try world.look(3, by: "u0")
        try world.link("u0", "named only")
        let live = LiveAudiences(world.folder, try Shop.portrait())
        try wait(for: "the first reading", within: .seconds(10)) { () -> Void? in
            _ = try live.step(until: Clock.monotonic() + .milliseconds(50))
            return live.isComplete ? () : nil
        }
        var told = Set(world.members(of: live))
        #expect(told == world.busy && told == ["u0"], "\(told)")
        for round in 0..<14 {
            let one = "u\(Int.random(in: 0..<8, using: &random))"
            let other = "u\(Int.random(in: 0..<8, using: &random))"
            switch round % 7 {
            case 0, 2:
                try world.look(Int.random(in: 1...3, using: &random), by: one)
                // Every state is read again, as after announcements that were not heard.
                live.portrait = try Shop.portrait()
            case 5: try world.link(one, "", undo: true)
            case 6: try world.link(world.links.first?.known ?? one, other, undo: true)
            default: try world.link(one, other)
            }
            let wanted = world.busy
            var last: Set<String> = []
            do {
                try wait(for: "round \(round)", within: .seconds(10)) { () -> Void? in
                    for move in try live.step(until: Clock.monotonic() + .milliseconds(20)) {
                        if move.hasJoined {
                            #expect(told.insert(move.userID).inserted, "\(move) seed \(seed)")
                        } else {
                            #expect(told.remove(move.userID) != nil, "\(move) seed \(seed)")
                        }
                    }
                    last = Set(world.members(of: live))
                    return last == wanted && live.pendingCount == 0 && live.hasLinks(world)
                        ? () : nil
                }
            } catch {
                Issue.record("round \(round), seed \(seed): \(last), should be \(wanted)")
                return
            }
            #expect(told == wanted, "seed \(seed), round \(round)")
        }
    }
}

extension LiveAudiences {
    /// Whether no secondary identifier is a user any more.
    fileprivate func hasLinks(_ world: Shop) -> Bool { index.count == world.views.count }
}
