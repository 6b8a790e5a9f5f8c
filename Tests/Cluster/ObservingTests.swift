import Glibc
import Messages
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("People and machines see how a cluster is")
    struct ObservingTests {
        private static func configuration(_ supervisor: String) -> String {
            """
            {
              ingest: {listen: ""}, scoring: {listen: ""},
              trainer: {onStart: false, every: "0"},
              supervisor: {backoffFirst: "20 ms", backoffMax: "200 ms", \(supervisor)},
            }
            """
        }

        @Test("Metrics, health and readiness over HTTP; every metric is described")
        func pages() throws {
            let port = WebProbe.freePort()
            let settings = Self.configuration("restartsMax: 1000, http: \"127.0.0.1:\(port)\"")
            try ClusterHarness.withCluster(configuration: settings) { cluster in
                #expect(try #require(WebProbe.get("/healthz", port: port)) == (200, "alive\n"))
                #expect(try #require(WebProbe.get("/readyz", port: port)) == (200, "ready\n"))
                let producer = try cluster.producer("observed")
                var oracle = Oracle()
                var workload = Workload(seed: 7, users: 20)
                try producer.send(workload.batch(500, into: &oracle))
                try producer.flush()
                try wait(for: "the count of records on the page", within: .seconds(20)) {
                    let page = WebProbe.get("/metrics", port: port)?.body ?? ""
                    let line =
                        "limn_ingest_accepted_total{role=\"ingest\",index=\"0\"} "
                        + "\(oracle.accepted)\n"
                    return page.contains(line) ? () : nil
                }
                let page = try #require(WebProbe.get("/metrics", port: port)).body
                let unknown = page.split(separator: "\n").filter {
                    $0.contains("not described yet")
                }
                #expect(unknown.isEmpty, "\(unknown)")
                let json = try #require(WebProbe.get("/status.json", port: port)).body
                #expect(json.hasPrefix("{\"state\":\"ready\""))

                let pid = try cluster.pid(of: .trainer)
                kill(pid, SIGKILL)
                let reason = try wait(for: "503 with the reason", within: .seconds(10)) {
                    let answer = WebProbe.get("/readyz", port: port)
                    return answer?.status == 503 ? answer?.body : nil
                }
                #expect(reason.contains("trainer-0 is "))
                try cluster.waitReady()
                #expect(try #require(WebProbe.get("/readyz", port: port)).status == 200)
            }
        }

        @Test("A port in use for metrics is named with its key and keeps nobody from selling")
        func portInUse() throws {
            let port = WebProbe.freePort()
            let settings = Self.configuration("http: \"127.0.0.1:\(port)\"")
            let first = try ClusterHarness(configuration: settings)
            try first.start()
            try ClusterHarness.withCluster(configuration: settings) { second in
                #expect(second.lastWords.contains("port \(port) cannot be used for metrics"))
                #expect(second.lastWords.contains("change supervisor.http in "))
                try first.stop()
                // It is tried again until it works.
                try wait(for: "the freed port", within: .seconds(10)) {
                    WebProbe.get("/readyz", port: port)?.status == 200 ? () : nil
                }
            }
        }

        @Test("limn top --once and --json print rates of every process")
        func top() throws {
            try ClusterHarness.withCluster { cluster in
                let once = try Programs.run(
                    "limn", ["top", "--once", "--folder", cluster.folder.path])
                #expect(once.status == .exited(0), "\(once.output)")
                #expect(once.output.contains("accepted") && once.output.contains("scoring 0"))
                let json = try Programs.run(
                    "limn", ["top", "--json", "--count", "2", "--folder", cluster.folder.path])
                let lines = json.output.split(separator: "\n")
                #expect(
                    lines.count == 2 && lines.allSatisfy { $0.hasPrefix("{\"state\":\"ready\"") })
            }
        }
    }
}
