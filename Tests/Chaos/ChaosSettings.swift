import System
import TestSupport

/// What a run is to be, from the environment; `Deploy/chaos` sets it.
struct ChaosSettings {
    var seed: UInt64
    /// How long faults are injected.
    var seconds = 30
    /// Names of faults, or beginnings of names; empty = all that can be injected here.
    var faults: [String] = []
    /// Kills of the recovery measurement.
    var kills = 10
    /// Bugs switched on, for the canaries.
    var bugs = ""
    /// Chance of an empty tick, in percent: pauses let the cluster heal between faults.
    var idlePercent = 60

    /// Longest freeze: as the matrix has it in long runs, shorter where everybody waits for it.
    var freezeMsMax: Int { seconds >= 120 ? 20_000 : 3000 }
    var users: Int { 200 }

    static func fromEnvironment() -> ChaosSettings {
        func number(_ name: String) -> UInt64? { Environment.variable(name).flatMap { UInt64($0) } }
        var settings = ChaosSettings(
            seed: number("LIMN_SEED") ?? UInt64(bitPattern: Clock.wallMs()))
        settings.seconds = number("LIMN_CHAOS_SECONDS").map { Int($0) } ?? 30
        settings.kills = number("LIMN_CHAOS_KILLS").map { Int($0) } ?? 10
        let names = Environment.variable("LIMN_CHAOS_FAULTS") ?? ""
        settings.faults = names.split(separator: ",").map(String.init)
        return settings
    }

    /// How to do the same again.
    var replay: String {
        let only = faults.isEmpty ? "" : " --faults \(faults.joined(separator: ","))"
        return "Deploy/chaos --seconds \(seconds) --seed \(seed)\(only)"
    }

    /// The commit under test, as far as git knows.
    static var commit: String {
        let git = ["/usr/bin/git", "/usr/local/bin/git"].first { Files.exists($0) }
        guard let git else { return "unknown" }
        let folder = Files.parent(of: #filePath)
        let found = try? Programs.run(git, ["-C", folder, "describe", "--always", "--dirty"])
        return found?.output.split(separator: "\n").first.map(String.init) ?? "unknown"
    }
}
