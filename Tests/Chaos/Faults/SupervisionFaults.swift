import Glibc
import Randomness
import Runtime
import System
import TestSupport

extension ChaosFault {
    static var supervision: [ChaosFault] {
        [killSupervisor, freezeSupervisor, restart, interruptedStart, secondSupervisor]
    }

    private static var killSupervisor: ChaosFault {
        ChaosFault(name: "kill-supervisor", needsCalm: true, spoilsScoring: true) { world, _ in
            try world.cluster.killSupervisor()
            let started = Clock.monotonic()
            do {
                try wait(for: "the roles' end", within: .seconds(10)) {
                    world.cluster.processes().isEmpty ? () : nil
                }
            } catch {
                world.violated("I7", "roles outlive their supervisor by more than 10 s")
            }
            let took = (Clock.monotonic() - started).milliseconds
            try world.cluster.start()
            return Injection(what: "SIGKILL; its roles ended within \(took) ms")
        }
    }

    private static var freezeSupervisor: ChaosFault {
        ChaosFault(name: "freeze-supervisor") { world, dice in
            guard let pid = world.cluster.supervisor?.pid else { return .missed }
            let ms = 100 + dice.below(world.settings.freezeMsMax)
            kill(pid, SIGSTOP)
            return Injection(
                what: "SIGSTOP \(pid) for \(ms) ms", lasts: .milliseconds(ms),
                heal: { kill(pid, SIGCONT) })
        }
    }

    private static var restart: ChaosFault {
        ChaosFault(name: "terminate-twice", needsCalm: true, spoilsScoring: true) { world, _ in
            guard let pid = world.cluster.supervisor?.pid else { return .missed }
            kill(pid, SIGTERM)
            do {
                try world.cluster.stop()
            } catch {
                world.violated("I7", "\(error)")
            }
            try world.cluster.start()
            return Injection(what: "SIGTERM twice, exit 0, started again")
        }
    }

    private static var interruptedStart: ChaosFault {
        ChaosFault(name: "interrupted-start", needsCalm: true, spoilsScoring: true) {
            world, dice in
            try world.cluster.stop()
            try world.cluster.spawnSupervisor()
            let ms = 10 + dice.below(300)
            Clock.pause(.milliseconds(ms))
            guard let child = world.cluster.supervisor else { return .missed }
            kill(child.pid, SIGINT)
            let status = child.wait(timeout: .seconds(25))
            // Before its handlers stand, SIGINT ends a process as it ends any.
            if status != .exited(0) && status != .signalled(SIGINT) {
                world.violated(
                    "I7", "SIGINT \(ms) ms after the start: \(String(describing: status))")
            }
            try? wait(for: "the roles' end", within: .seconds(10)) {
                world.cluster.processes().isEmpty ? () : nil
            }
            try world.cluster.start()
            return Injection(what: "SIGINT \(ms) ms after the start")
        }
    }

    private static var secondSupervisor: ChaosFault {
        ChaosFault(name: "second-supervisor") { world, _ in
            let second = try Programs.run(
                "limn-supervisor", ["--folder", world.cluster.folder.path])
            if second.status != .exited(ExitClass.unavailable.rawValue) {
                world.violated("I7", "a second supervisor ended with \(second)")
            }
            return Injection(what: "refused with exit 69")
        }
    }
}
