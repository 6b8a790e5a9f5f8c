import Glibc
import Randomness
import Runtime
import System
import TestSupport
import Testing

extension ChaosTests {
    @Suite("After kill -9 of any role the service is whole again soon")
    struct RecoveryTests {
        /// Whole: all roles ready, and an event sent after the kill is in a profile.
        @Test("Kills of every role in turn")
        func kills() throws {
            let settings = ChaosSettings.fromEnvironment()
            let names = try Files.makeTemporaryFolder(prefix: "limn-recovery")
            defer { try? Files.removeTree(names) }
            let history = try History("\(names)/history.jsonl")
            let cluster = try ClusterHarness(
                configuration: """
                    {
                      ingest: {listen: ""}, scoring: {listen: ""},
                      trainer: {onStart: false, every: "0"},
                      supervisor: {http: ""},
                    }
                    """)
            try cluster.start()
            var settingsOfRun = settings
            settingsOfRun.seconds = 1
            let world = try World(
                cluster, settingsOfRun, history, base: names, hasOwnDisk: false,
                hostile: try cluster.keys(.client))
            for number in 0..<2 {
                try world.traffic.startProducer(
                    "shop-\(number)", endpoint: cluster.endpoints.ingest,
                    seed: settings.seed &+ UInt64(number), patience: .seconds(60))
            }
            var tally = Tally()
            var dice = SplitMix64(seed: settings.seed)
            for number in 0..<settings.kills {
                Clock.pause(.milliseconds(dice.below(400)))
                let kind = RoleKind.allCases[number % RoleKind.allCases.count]
                let pid = try cluster.pid(of: kind)
                let started = Clock.monotonic()
                kill(pid, SIGKILL)
                try world.pulse.waitWhole(gone: pid, within: .seconds(30))
                tally.count("kill-\(kind.rawValue)")
                tally.healed("kill-\(kind.rawValue)", Clock.monotonic() - started)
            }
            #expect(world.traffic.stop(within: .seconds(60)))
            let checkers = Checkers(try history.lines(), try LogDump(cluster))
            #expect(checkers.verdict.safety.isEmpty, "\(checkers.verdict.text)")
            try cluster.stop()
            print("recovery after \(settings.kills) kills, seed \(settings.seed)")
            print(tally.text)
            let times = tally.healing.values.flatMap { $0 }
            #expect(Tally.quantile(times, 0.5) <= 1000)
            #expect(Tally.quantile(times, 0.99) <= 3000)
        }
    }
}
