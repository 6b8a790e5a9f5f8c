import Randomness
import Runtime
import System
import TestSupport

/// Bytes at rest that are no longer what was written.
extension ChaosFault {
    static var damages: [ChaosFault] { [stateDamaged] }

    /// One state file is spoiled while nobody has it open: it is made anew from the log.
    private static var stateDamaged: ChaosFault {
        ChaosFault(
            name: "state-damaged", needsCalm: true, spoilsScoring: true, needsRoom: true
        ) { world, dice in
            try world.cluster.stop()
            let partition = dice.below(64)
            let what = try spoil(
                "\(world.cluster.folder.stateFolder)/\(partition).sqlite", &dice)
            world.excusedErrors.formUnion(["state damaged or lost", "state not readable"])
            try world.cluster.start()
            return Injection(what: "state \(partition) \(what)")
        }
    }

    private static func spoil(_ path: String, _ dice: inout SplitMix64) throws -> String {
        var bytes = try Files.read(path)
        switch dice.below(4) {
        case 0:
            for suffix in ["", "-wal", "-shm"] { try Files.remove(path + suffix) }
            return "deleted"
        case 1:
            for at in 0..<min(100, bytes.count) { bytes[at] = 0 }
            try Files.writeAtomically(path, bytes)
            return "without a header"
        case 2:
            bytes = Array(bytes.prefix(dice.below(bytes.count)))
            try Files.writeAtomically(path, bytes)
            return "cut to \(bytes.count) bytes"
        default:
            let at = dice.below(bytes.count)
            bytes[at] ^= UInt8(1 << dice.below(8))
            try Files.writeAtomically(path, bytes)
            return "with another bit at \(at)"
        }
    }
}

/// I12: what was changed at rest is never verified as equal.
enum DamageCheck {
    /// Flips a bit within records of the log that the cluster has acknowledged, one at a time.
    static func check(
        _ cluster: ClusterHarness, good ids: [String], _ dice: inout SplitMix64, rounds: Int,
        environment: [String] = [], _ verdict: inout Verdict
    ) throws {
        let path = cluster.folder.eventLogFile
        let whole = try Files.read(path)
        defer { try? Files.writeAtomically(path, whole) }
        var found = 0
        for _ in 0..<rounds where !ids.isEmpty {
            let id = ids[dice.below(ids.count)]
            guard let at = whole.firstRange(of: Array(id.utf8))?.lowerBound else { continue }
            var bad = whole
            bad[at] ^= 1
            try Files.writeAtomically(path, bad)
            let said = try Programs.run(
                "limn", ["verify", "--folder", cluster.folder.path], timeout: .seconds(300),
                environment: environment)
            if said.status == .exited(0) {
                verdict.violated(
                    "I12", "a bit of \(id) in the log differs, and verify says: \(said.output)")
            }
            found += 1
        }
        verdict.note("I12", "\(found) damaged logs verified, none as equal")
    }
}
