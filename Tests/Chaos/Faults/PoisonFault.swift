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
            try wait(for: "the poison in quarantine", within: .seconds(30)) {
                (world.counter(.features, "quarantined") ?? 0) >= 1 ? () : nil
            }
            return Injection(what: "the workers died of it until it was put aside")
        }
    }
}
