import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A running cluster is backed up, and restored to a moment of the past")
    struct BackupClusterTests {
        @Test("a cluster restored to a moment is what was acknowledged until then")
        func pointInTime() throws {
            let parent = try Files.makeTemporaryFolder(prefix: "limn-backups")
            defer { try? Files.removeTree(parent) }
            let seed = UInt64(bitPattern: Clock.wallMs())
            print("seed \(seed)")
            var oracle = Oracle()
            var workload = Workload(seed: seed, users: 300)
            var moment: Int64 = 0
            try ClusterHarness.withCluster { cluster in
                let producer = try cluster.producer("till")
                for _ in 0..<40 { try producer.send(workload.batch(250, into: &oracle)) }
                try producer.flush()
                moment = Clock.wallMs()
                // What comes from here on came in later than the moment.
                try wait(for: "the next millisecond", within: .seconds(5)) {
                    Clock.wallMs() > moment ? () : nil
                }
                let backup = try Programs.start(
                    "limn", ["backup", "\(parent)/shop", "--folder", cluster.folder.path],
                    output: "\(parent)/said")
                var later = Oracle()
                var status = backup.wait(timeout: .zero)
                for round in 0..<4000 where status == nil || round < 20 {
                    try producer.send(workload.batch(250, into: &later))
                    status = status ?? backup.wait(timeout: .zero)
                }
                try producer.flush()
                let said = try Files.readText("\(parent)/said")
                #expect((status ?? backup.wait(timeout: .seconds(30))) == .exited(0), "\(said)")
                try cluster.waitApplied(oracle.accepted + later.accepted)
                let verify = try Programs.run(
                    "limn", ["verify", "--workers", "3", "--folder", cluster.folder.path],
                    timeout: .seconds(60))
                #expect(verify.status == .exited(0), "\(verify.output)")
            }
            let check = try Programs.run("limn", ["backup", "--verify", "\(parent)/shop"])
            #expect(check.status == .exited(0), "\(check.output)")
            try examine("\(parent)/shop", moment, oracle, workload)
        }

        private func examine(
            _ backup: String, _ moment: Int64, _ oracle: Oracle, _ workload: Workload
        ) throws {
            let restored = try ClusterHarness { path in
                ["restore", backup, "--into", path, "--until", "\(moment)"]
            }
            let verify = try Programs.run(
                "limn", ["verify", "--folder", restored.folder.path], timeout: .seconds(60))
            #expect(verify.status == .exited(0), "\(verify.output)")
            try restored.start()
            let log = try restored.readLog(eventsMax: workload.made)
            #expect(log.records == oracle.accepted && log.gaps.isEmpty && log.repeated.isEmpty)
            try restored.waitApplied(oracle.accepted)
            let users = (0..<workload.users).map { "user-\($0)" }
            #expect(try restored.differences(from: oracle, users: users) == [])
            try restored.stop()
        }

        @Test("kill -9 during a backup leaves no half one under its name")
        func killed() throws {
            let parent = try Files.makeTemporaryFolder(prefix: "limn-backups")
            defer { try? Files.removeTree(parent) }
            try ClusterHarness.withCluster { cluster in
                var oracle = Oracle()
                var workload = Workload(seed: 5, users: 3000)
                let producer = try cluster.producer("till")
                for _ in 0..<100 { try producer.send(workload.batch(500, into: &oracle)) }
                try producer.flush()
                try cluster.waitApplied(oracle.accepted)
                let words = ["backup", "\(parent)/b", "--folder", cluster.folder.path]
                var killed = 0
                for place in ["state/0.sqlite", "state/40.sqlite", "log/events.sqlite"] {
                    let backup = try Programs.start("limn", words, output: "\(parent)/said")
                    try wait(for: place, within: .seconds(20), every: .milliseconds(1)) {
                        Files.exists("\(parent)/b.partial/\(place)") || Files.exists("\(parent)/b")
                            ? () : nil
                    }
                    kill(backup.pid, SIGKILL)
                    _ = backup.wait(timeout: .seconds(5))
                    if Files.exists("\(parent)/b") {
                        let check = try Programs.run("limn", ["backup", "--verify", "\(parent)/b"])
                        #expect(check.status == .exited(0), "\(check.output)")
                        try Files.removeTree("\(parent)/b")
                    } else {
                        killed += 1
                    }
                }
                #expect(killed > 0, "every backup was faster than its killer")
                let whole = try Programs.run("limn", words, timeout: .seconds(60))
                #expect(whole.status == .exited(0), "\(whole.output)")
                #expect(!Files.exists("\(parent)/b.partial"))
            }
        }
    }
}
