import Randomness
import Runtime
import System
import TestSupport

/// More and fewer processes, and all of them anew, while other things go wrong.
extension ChaosFault {
    static var scalings: [ChaosFault] {
        [scaling(.features, upTo: 4), scaling(.scoring, upTo: 2), rollingRestart]
    }

    private static func scaling(_ kind: RoleKind, upTo most: Int) -> ChaosFault {
        ChaosFault(name: "scale-\(kind.rawValue)") { world, dice in
            let count = 1 + dice.below(most)
            return try order(["scale", kind.rawValue, "\(count)"], world, &dice)
        }
    }

    private static var rollingRestart: ChaosFault {
        ChaosFault(name: "rolling-restart", spoilsScoring: true) { world, dice in
            let kinds = RoleKind.allCases.map(\.rawValue) + ["all"]
            return try order(["restart", kinds[dice.below(kinds.count)]], world, &dice)
        }
    }

    /// The command waits for the result and may be hindered by what else goes wrong; nobody waits
    /// for it. What it has ordered must come about all the same.
    private static func order(
        _ words: [String], _ world: World, _ dice: inout SplitMix64
    ) throws -> Injection {
        let command = try Programs.start(
            "limn", words + ["--folder", world.cluster.folder.path],
            output: "\(world.base)/orders.txt")
        return Injection(
            what: words.joined(separator: " "), lasts: .milliseconds(200 + dice.below(2000)),
            heal: {
                command.signalGroup(Signals.kill)
                _ = command.wait(timeout: .seconds(5))
            })
    }
}
