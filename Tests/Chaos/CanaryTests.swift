import Glibc
import Runtime
import System
import TestSupport
import Testing
import ZeroMQ

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

        @Test("Ingest that lets anybody go on under another's name is caught")
        func anyName() {
            let run = run("anyName") { world in
                _ = try world.twin.send(world.twin.batch(world.history), world)
                let line = try RequestClient(
                    endpoint: world.cluster.endpoints.ingest, keys: world.hostile,
                    role: .eventClient)
                ChaosFault.steal(by: line, world)
            }
            #expect(run.verdict.safety.contains { $0.hasPrefix("I11") })
        }

        @Test("Workers in whose tables strangers' ids meet are caught")
        func weakHash() {
            let run = run("weakHash") { world in
                _ = try world.twin.send(world.twin.crowd(100, world.history), world)
                pause(400)
            }
            #expect(run.verdict.safety.contains { $0.hasPrefix("I2") })
        }

        @Test("Damage at rest that no checksum tells is caught")
        func trustDamage() {
            let run = run("trustDamage") { world in
                _ = try world.twin.send(world.twin.batch(world.history), world)
            }
            #expect(run.verdict.safety.contains { $0.hasPrefix("I12") })
        }

        @Test("A log that spoils what it gathers from small commits is caught")
        func spoilGathered() {
            let run = run("spoilGathered") { world in
                for _ in 0..<40 { _ = try world.twin.send(world.twin.single(world.history), world) }
                // From then on the log is read from disk.
                if let pid = world.pid(.ingest) { kill(pid, SIGKILL) }
                try world.cluster.waitReady()
            }
            #expect(run.verdict.safety.contains { $0.hasPrefix("I1") })
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
