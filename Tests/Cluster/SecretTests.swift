import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("Secret keys stay in their files")
    struct SecretTests {
        @Test("No secret key is in a log, a command line, an environment, status or metrics")
        func secrets() throws {
            let port = WebProbe.freePort()
            let settings = """
                {
                  ingest: {listen: ""}, scoring: {listen: ""}, log: {level: "debug"},
                  trainer: {onStart: false, every: "0"},
                  supervisor: {http: "127.0.0.1:\(port)"},
                }
                """
            try ClusterHarness.withCluster(configuration: settings) { cluster in
                var secrets: [String] = []
                for name in try Files.list(cluster.folder.keysFolder) where name.hasSuffix(".key") {
                    // The third line is the secret half.
                    let text = try Files.readText("\(cluster.folder.keysFolder)/\(name)")
                    let lines = text.split(separator: "\n")
                    if lines.count > 2 { secrets.append(String(lines[2])) }
                }
                #expect(secrets.count >= 3, "the test does not find the keys: \(secrets.count)")
                let folder = cluster.folder.path
                let sent = try Programs.run(
                    "limn", ["send", "--user", "u1", "--item", "i1", "--trace", "--folder", folder])
                let status = try Programs.run("limn", ["status", "--json", "--folder", folder])
                var places = [
                    "limn send": sent.output, "limn status": status.output,
                    "supervisor's log": try Files.readText(cluster.output),
                    "metrics": WebProbe.get("/metrics", port: port)?.body ?? "",
                    "status.json": WebProbe.get("/status.json", port: port)?.body ?? "",
                ]
                for pid in cluster.processes() {
                    for file in ["cmdline", "environ"] {
                        places["\(pid) \(file)"] = try Files.readText("/proc/\(pid)/\(file)")
                    }
                }
                #expect(places.count >= 15 && places.values.allSatisfy { !$0.isEmpty })
                for (place, text) in places {
                    for secret in secrets { #expect(!text.contains(secret), "in \(place)") }
                }
            }
        }
    }
}
