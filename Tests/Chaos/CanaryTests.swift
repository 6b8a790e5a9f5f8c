import Glibc
import Runtime
import System
import TestSupport
import Testing

extension ChaosTests {
    /// An alarm that cannot ring is no alarm: with a known bug switched on, the checkers must find
    /// it, and by the invariant that it breaks.
    @Suite("Canaries")
    struct CanaryTests {
        private func run(
            _ bug: String, _ script: @escaping (World) throws -> Void
        ) -> ChaosRun {
            var settings = ChaosSettings.fromEnvironment()
            settings.bugs = bug
            settings.seconds = 1
            let run = ChaosRun(settings, script)
            let found = run.verdict.safety.prefix(2).joined(separator: "; ")
            print("canary \(bug): \(run.verdict.safety.count) violations: \(found)")
            return run
        }

        private func pause(_ ms: Int) { Clock.pause(.milliseconds(ms)) }

        @Test("Ingest that forgets batches is caught")
        func skipDedupe() {
            let run = run("skipDedupe") { world in
                let batch = world.twin.batch(world.history)
                _ = try world.twin.send(batch, world)
                _ = try world.twin.send(batch, world)
            }
            #expect(run.verdict.safety.contains { $0.hasPrefix("I1") })
        }

        @Test("Ingest that answers before the commit is caught")
        func ackBeforeCommit() {
            let run = run("ackBeforeCommit") { world in
                let pid = world.pid(.ingest)
                _ = try world.twin.send(world.twin.batch(world.history), world)
                if let pid { kill(pid, SIGKILL) }
                try world.cluster.waitReady()
            }
            #expect(run.verdict.safety.contains { $0.hasPrefix("I1") })
        }

        @Test("A worker that drops an event is caught")
        func dropEvent() {
            let run = run("dropEvent=5") { _ in pause(800) }
            #expect(run.verdict.safety.contains { $0.hasPrefix("I2") })
        }

        @Test("A worker that applies an event twice is caught")
        func doubleApply() {
            let run = run("doubleApply") { world in
                pause(800)
                if let pid = world.pid(.features) { kill(pid, SIGKILL) }
                pause(400)
                try world.cluster.waitReady()
            }
            #expect(run.verdict.safety.contains { $0.hasPrefix("I2") })
        }

        @Test("Without a bug the same scripts find nothing")
        func noBug() {
            let run = run("crashAtStart=nobody") { world in
                let batch = world.twin.batch(world.history)
                _ = try world.twin.send(batch, world)
                _ = try world.twin.send(batch, world)
                for kind in [RoleKind.ingest, .features] {
                    pause(200)
                    if let pid = world.pid(kind) { kill(pid, SIGKILL) }
                }
                pause(300)
                try world.cluster.waitReady()
            }
            #expect(run.verdict.safety.isEmpty, "\(run.verdict.text)")
        }
    }
}
