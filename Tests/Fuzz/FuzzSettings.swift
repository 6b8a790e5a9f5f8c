import Foundation
import System

/// How much is tried, from the environment.
enum FuzzSettings {
    /// `LIMN_FUZZ`: cases of each suite.
    static var cases: Int { number("LIMN_FUZZ") ?? 50_000 }
    /// `LIMN_FUZZ_SEED`: another seed, other damage.
    static var seed: UInt64 { UInt64(number("LIMN_FUZZ_SEED") ?? 1) }
    /// `LIMN_FUZZ_CASE`: only this case, to look at one that failed.
    static var only: Int? { number("LIMN_FUZZ_CASE") }

    private static func number(_ name: String) -> Int? {
        Environment.variable(name).flatMap { Int($0) }
    }

    /// How to run one case again.
    static func replay(_ suite: String, seed: UInt64, at step: UInt64) -> String {
        "LIMN_FUZZ_SEED=\(seed) LIMN_FUZZ_CASE=\(step) swift test --filter FuzzTests/\(suite)"
    }
}

extension Files {
    /// Writes without waiting for the disk, which thousands of damaged files need not survive.
    static func scribble(_ path: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }
}

/// What was expected of a case and did not come true.
struct FuzzFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
