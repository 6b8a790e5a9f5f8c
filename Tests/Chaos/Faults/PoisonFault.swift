import Messages
import Runtime
import System
import TestSupport

extension ChaosFault {
    /// An event that kills every worker that folds it, among good ones: after two deaths it is put
    /// aside. Calm, because a kill of something else is a death as well, and would be blamed on
    /// whatever was folded then.
    static var poison: ChaosFault {
        ChaosFault(name: "poison", needsCalm: true) { world, _ in
            guard !world.isPoisoned, world.settings.bugs.isEmpty else { return .missed }
            world.isPoisoned = true
            world.excusedErrors.formUnion(["poisoned by LIMN_FAULT", "record quarantined"])
            _ = try world.twin.send(world.twin.poisoned(world.history), world).get()
            try wait(for: "the poison in quarantine", within: .seconds(30)) { () -> Void? in
                // Whichever worker has the partition; the others need not know yet.
                let workers = world.cluster.status()?.roles.filter { $0.role == "features" } ?? []
                let counters = workers.flatMap(\.counters)
                return counters.contains { $0.name == "quarantined" && $0.value >= 1 } ? () : nil
            }
            return Injection(what: "the workers died of it until it was put aside")
        }
    }
}
