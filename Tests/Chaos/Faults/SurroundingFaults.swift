import Glibc
import Messages
import Randomness
import Runtime
import System
import TestSupport

extension ChaosFault {
    static var surroundings: [ChaosFault] {
        [clockJump, modelFault("model-flipped"), modelFault("model-truncated"), staleList]
    }

    private static var clockJump: ChaosFault {
        ChaosFault(
            name: "clock-jump",
            obstacle: { $0.cluster.clockFile.isEmpty ? "the programs are release builds" : nil }
        ) { world, dice in
            let hour: Int64 = 3_600_000
            let jumps = [hour, -hour, -Clock.wallMs() + 1000, 12 * hour, -24 * hour]
            let jump = jumps[dice.below(jumps.count)]
            try Files.writeAtomically(world.cluster.clockFile, Array("\(jump)".utf8))
            return Injection(
                what: "wall clock \(jump / 1000) s wrong",
                lasts: .milliseconds(300 + dice.below(1500)),
                heal: { try Files.writeAtomically(world.cluster.clockFile, Array("0".utf8)) })
        }
    }

    private static func currentModels(_ world: World) -> [String] {
        let files = (try? Files.list(world.cluster.folder.modelsFolder)) ?? []
        return files.filter { $0.hasSuffix(".safetensors") }
    }

    /// A model file is spoiled and scoring must load it anew: it must refuse it and go on.
    private static func modelFault(_ name: String) -> ChaosFault {
        ChaosFault(
            name: name, spoilsScoring: true, needsRoom: true, obstacle: modelObstacle
        ) { world, dice in
            let files = currentModels(world)
            guard !files.isEmpty, let pid = world.pid(.scoring) else { return .missed }
            let file = files[dice.below(files.count)]
            let path = "\(world.cluster.folder.modelsFolder)/\(file)"
            let good = try Files.read(path)
            var bad = good
            if name == "model-flipped" {
                bad[dice.below(bad.count)] ^= UInt8(1 << dice.below(8))
            } else {
                bad = Array(bad.prefix(dice.below(bad.count)))
            }
            // The disk may be full at the moment.
            guard (try? Files.writeAtomically(path, bad)) != nil else { return .missed }
            kill(pid, SIGKILL)
            world.kills += 1
            world.excusedErrors.insert("model refused")
            return Injection(
                what: "\(file) spoiled", lasts: .milliseconds(800),
                heal: {
                    try wait(for: "room for \(file)", within: .seconds(5)) {
                        try? Files.writeAtomically(path, good)
                    }
                    // What was refused once is not read again by the same process.
                    if let again = world.pid(.scoring) {
                        kill(again, SIGKILL)
                        world.kills += 1
                    }
                }, gone: pid)
        }
    }

    private static func modelObstacle(_ world: World) -> String? {
        currentModels(world).isEmpty ? "no model was trained" : nil
    }

    /// The list of current models says nonsense.
    private static var staleList: ChaosFault {
        ChaosFault(
            name: "model-list", spoilsScoring: true, needsRoom: true, obstacle: modelObstacle
        ) {
            world, dice in
            let path = "\(world.cluster.folder.modelsFolder)/current.json"
            guard let good = try? Files.read(path), let pid = world.pid(.scoring) else {
                return .missed
            }
            let bad = Array(good.prefix(dice.below(good.count)))
            guard (try? Files.writeAtomically(path, bad)) != nil else { return .missed }
            kill(pid, SIGKILL)
            world.kills += 1
            world.excusedErrors.insert("current.json not readable")
            return Injection(
                what: "current.json cut short", lasts: .milliseconds(800),
                heal: {
                    try wait(for: "room for the list of models", within: .seconds(5)) {
                        try? Files.writeAtomically(path, good)
                    }
                }, gone: pid)
        }
    }
}
