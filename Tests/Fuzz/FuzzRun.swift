import Glibc
import System

/// Something that is handed damaged bytes, and throws where it does not keep its word.
protocol FuzzTarget {
    mutating func run(_ random: inout FuzzRandom) throws
}

/// One suite of cases in a process of its own: before each it notes the case in a page that
/// outlives the process, so that a crash or a hang has a name.
struct FuzzRun {
    let suite: String

    /// In the folder of the checkout, which is the same for this process and the one that began it,
    /// and another for tests of another checkout.
    private var path: String { ".build/limn-fuzz-\(suite).mark" }
    /// What the process said before it threw: the one that began it hears nothing of it.
    private var wordsPath: String { "\(path).words" }

    /// Longer than this a run of 256 cases is a hang.
    private static let hangSeconds: UInt32 = 120

    /// Tries all cases; the targets take turns, `(weight, target)`.
    func go(_ targets: [(weight: Int, target: any FuzzTarget)]) throws {
        let seed = FuzzSettings.seed
        let marker = try CrashMarker(path)
        marker.enter(seed)
        try Files.remove(wordsPath)
        var targets = targets
        let turns = targets.indices.flatMap { place in
            Array(repeating: place, count: targets[place].weight)
        }
        for number in FuzzSettings.only.map({ $0..<$0 + 1 }) ?? 0..<FuzzSettings.cases {
            if number % 256 == 0 { alarm(Self.hangSeconds) }
            marker.at(UInt64(number))
            var random = FuzzRandom(seed: seed, case: number)
            let place = turns[random.below(turns.count)]
            do {
                try targets[place].target.run(&random)
            } catch {
                let again = FuzzSettings.replay(suite, seed: seed, at: UInt64(number))
                let failure = FuzzFailure("\(type(of: targets[place].target)): \(error); \(again)")
                try Files.writeAtomically(wordsPath, Array("\(failure)".utf8), mode: 0o600)
                throw failure
            }
        }
        alarm(0)
        marker.leave()
    }

    /// Where the process before died; nil if it came to its end.
    func died() throws -> String? {
        guard let found = try CrashMarker(path).found else { return nil }
        guard !Files.exists(wordsPath) else {
            return String(decoding: try Files.read(wordsPath, bytesMax: 1 << 20), as: UTF8.self)
        }
        return "ended at: \(FuzzSettings.replay(suite, seed: found.first, at: found.step))"
    }
}
