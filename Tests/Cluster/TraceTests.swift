import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A single batch can be followed through every stage")
    struct TraceTests {
        @Test("limn send --trace prints when it was accepted, durable, folded and visible")
        func followed() throws {
            try ClusterHarness.withCluster { cluster in
                let sent = try Programs.run(
                    "limn",
                    [
                        "send", "--user", "u1", "--item", "i1", "--trace", "--folder",
                        cluster.folder.path,
                    ])
                #expect(sent.status == .exited(0), "\(sent.output)")
                for stage in ["accepted", "durable", "folded", "visible"] {
                    #expect(sent.output.contains(stage), "\(sent.output)")
                }
                let id = try #require(sent.output.firstMatch(of: /trace ([0-9a-f]{32})/)).1
                for (kind, stage) in [
                    (RoleKind.ingest, "accepted"), (.ingest, "durable"), (.features, "folded"),
                    (.scoring, "visible"),
                ] {
                    let line = "\(kind.rawValue)-0: trace trace=\(id) stage=\(stage)"
                    #expect(try Files.readText(cluster.output).contains(line), "\(line)")
                }
                // Batches without an id leave no trace.
                let plain = try Programs.run(
                    "limn",
                    ["send", "--user", "u2", "--item", "i1", "--folder", cluster.folder.path])
                #expect(plain.status == .exited(0))
                let log = try Files.readText(cluster.output)
                #expect(log.matches(of: /stage=durable/).count == 1)
            }
        }
    }
}
