import HTTPServer
import Messages
import System
import Testing

@testable import Supervision

@Suite("Metrics are named, described and well formed", .timeLimit(.minutes(5)))
struct MetricsTests {
    private static let root = #filePath.replacing("Tests/Supervision/MetricsTests.swift", with: "")

    private func value(_ name: String, _ value: Double) -> NamedValue {
        var named = NamedValue()
        named.name = name
        named.value = value
        return named
    }

    private var status: Status {
        var scoring = RoleStatus()
        scoring.role = "scoring"
        scoring.index = 1
        scoring.state = "ready"
        scoring.restarts = 2
        scoring.uptimeMs = 61_500
        scoring.loopLagUs = 250
        scoring.counters = [
            value("requests.recommend_request", 12), value("answered", 12.5),
            value("process.rss_bytes", 1_048_576), value("a \"new\" one", 3),
        ]
        var features = RoleStatus()
        features.role = "features"
        features.state = "backing_off"
        features.reason = "ended with exit 70: a \"bug\"\nin it"
        var status = Status()
        status.state = "degraded"
        status.build = "limn 0.1"
        status.uptimeMs = 90_000
        status.roles = [features, scoring]
        status.counters = [value("partitions_held", 64)]
        return status
    }

    @Test func thePageGroupsSamplesAndEscapes() {
        let page = MetricsPage.text(status)
        let wanted = """
            # HELP limn_cluster_ready 1 if every role serves (0 or 1)
            # TYPE limn_cluster_ready gauge
            limn_cluster_ready{state="degraded"} 0
            # HELP limn_cluster_uptime_seconds since the supervisor's start (seconds)
            # TYPE limn_cluster_uptime_seconds gauge
            limn_cluster_uptime_seconds 90
            # HELP limn_build_info the build, in the label (1)
            # TYPE limn_build_info gauge
            limn_build_info{build="limn 0.1"} 1
            # HELP limn_up 1 if the process is ready (0 or 1)
            # TYPE limn_up gauge
            limn_up{role="features",index="0"} 0
            limn_up{role="scoring",index="1"} 1
            """
        #expect(page.hasPrefix(wanted))
        for line in [
            "limn_scoring_requests_total{role=\"scoring\",index=\"1\","
                + "kind=\"recommend_request\"} 12",
            "limn_scoring_answered_total{role=\"scoring\",index=\"1\"} 12.5",
            "limn_process_rss_bytes{role=\"scoring\",index=\"1\"} 1048576",
            "limn_scoring_a__new__one{role=\"scoring\",index=\"1\"} 3",
            "limn_restarts_total{role=\"scoring\",index=\"1\"} 2",
            "limn_loop_lag_seconds{role=\"scoring\",index=\"1\"} 0.00025",
            "limn_supervisor_partitions_held{role=\"supervisor\",index=\"0\"} 64",
        ] {
            #expect(page.contains("\n" + line + "\n"), "\(line)")
        }
        #expect(MetricsPage.escaped("a\\\"\n") == "a\\\\\\\"\\n")
    }

    @Test func healthPagesSayWhatIsWrong() {
        func answer(_ path: String) -> (UInt32, String) {
            let answer = HealthPages.answer(HTTPRequest(path: path), status)
            return (answer.status, String(decoding: answer.body, as: UTF8.self))
        }
        #expect(answer("/healthz") == (200, "alive\n"))
        let (code, text) = answer("/readyz")
        #expect(code == 503)
        #expect(
            text == "degraded\nfeatures-0 is backing_off: ended with exit 70: a \"bug\"\\nin it\n")
        #expect(answer("/nothing").0 == 404)
        #expect(
            answer("/status.json").1.contains(
                "\"reason\":\"ended with exit 70: a \\\"bug\\\"\\nin it\""))
        var good = status
        good.state = "ready"
        #expect(HealthPages.answer(HTTPRequest(path: "/readyz"), good) == .text("ready\n"))
        good.roles[0].refusing = "the disk is full"
        let refusing = HealthPages.answer(HTTPRequest(path: "/readyz"), good)
        #expect(refusing.status == 503)
        let role = "\(good.roles[0].role)-\(good.roles[0].index)"
        #expect(
            String(decoding: refusing.body, as: UTF8.self).hasSuffix(
                "\n\(role) refuses everything: the disk is full\n"))
    }

    // MARK: The catalogue

    @Test func noTwoMetricsShareAName() {
        let names = MetricCatalogue.all.map { $0.name(for: $0.role.isEmpty ? "x" : $0.role) }
        let doubled = Dictionary(grouping: names, by: { $0 }).filter { $0.value.count > 1 }
        #expect(doubled.isEmpty, "\(doubled.keys)")
        for name in names {
            #expect(name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(name)")
        }
    }

    /// Each `count("…")` of a role has a line in the catalogue, and each line is counted.
    @Test func everyCounterIsDescribed() throws {
        let folders = [
            "ingest": "Roles/Ingest", "features": "Roles/FeaturePool",
            "trainer": "Roles/Training", "scoring": "Roles/Scoring",
            "supervisor": "Roles/Supervision", "": "Runtime/Runtime",
        ]
        for (role, folder) in folders {
            var counted: Set<String> = []
            for text in try Self.sources("\(Self.root)Sources/\(folder)") {
                for match in text.matches(of: /\.count\(\s*"([a-z0-9_.]+)(\\\()?/) {
                    let name = String(match.1)
                    counted.insert(match.2 == nil ? name : String(name.prefix { $0 != "." }))
                }
            }
            let described = Set(
                MetricCatalogue.all.filter { $0.role == role }.map(\.counter))
            let missing = counted.subtracting(described).subtracting(Metric.general)
            #expect(
                missing.isEmpty,
                "\(role) counts \(missing.sorted()): describe them in MetricCatalogue+Roles.swift")
            let unused = described.subtracting(counted).subtracting(Metric.general)
            #expect(unused.isEmpty, "\(role) no longer counts \(unused.sorted())")
        }
    }

    private static func sources(_ folder: String) throws -> [String] {
        try Files.list(folder).sorted().flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".swift") { return [try Files.readText(path)] }
            return name.contains(".") ? [] : try sources(path)
        }
    }

    @Test func thePageOfMetricsIsTheCatalogue() throws {
        let path = "\(Self.root)Deploy/metrics.md"
        let page = Self.page
        if Environment.variable("LIMN_WRITE_GOLDEN") != nil {
            try Files.writeAtomically(path, Array(page.utf8), mode: 0o644)
        }
        let text = try Files.readText(path)
        #expect(text == page, "LIMN_WRITE_GOLDEN=1 swift test --filter MetricsTests")
    }

    private static var page: String {
        var page = """
            # Metrics of Limn

            What `http://127.0.0.1:7430/metrics` shows (the key `supervisor.http`), in Prometheus'
            text format. Every sample of a process has the labels `role` and `index`; a
            further label stands behind the name. `<role>` is ingest, features, trainer or scoring.
            Totals begin anew when a process does. Made from `MetricCatalogue` by a test.

            | name | type | unit | meaning |
            |---|---|---|---|

            """
        for metric in MetricCatalogue.all {
            let name = metric.name(for: metric.role.isEmpty ? "<role>" : metric.role)
            let shown = name.replacing("limn__role__", with: "limn_<role>_")
            let label = metric.label.isEmpty ? "" : "{\(metric.label)}"
            page += "| `\(shown)\(label)` | \(metric.kind.rawValue) | \(metric.unit) "
            page += "| \(metric.help) |\n"
        }
        return page
    }
}
