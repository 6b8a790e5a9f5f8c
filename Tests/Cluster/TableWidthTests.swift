import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("At 80 columns no table of any command is wider than the terminal")
    struct TableWidthTests {
        private static let columns = 80
        private static let configuration = """
            {
              ingest: {listen: ""}, scoring: {listen: ""},
              trainer: {onStart: false, every: "0"}, supervisor: {http: ""},
              tags: {
                buyer: {
                  when: "stats.purchases_life > 0 && size(items.bought) > 0 && first_seen < now",
                  meaning: "has bought something at some time, and is worth a letter",
                },
              },
              cleaning: {"price of the till": {field: "price", factor: 1.01}},
            }
            """

        /// What shows tables; FILE is a file of events, TRUTH says who cheats in it.
        private static let commands: [[String]] = [
            ["status"], ["models"], ["top", "--once"], ["users", "--by", "spend"],
            ["profile", "u1", "--explain"], ["recommend", "u1", "--explain"], ["similar", "i1"],
            ["score", "u1", "i1", "i2"], ["tags"], ["eval"], ["features", "--group", "rates"],
            ["features", "--explain"], ["audience", "'buyer' in tags", "stats.views_7d > 0"],
            ["segments"], ["segments", "fit"], ["segments", "show", "behaviour#1"],
            ["segments", "evaluate", "--truth", "TRUTH"], ["risk"],
            ["risk", "evaluate", "--truth", "TRUTH"], ["identity"], ["identity", "account-7"],
            ["rejects", "list"], ["quality"], ["quality", "FILE"], ["evaluate", "FILE"],
            ["verify", "--all"], ["send", "--user", "u1", "--item", "i1", "--trace"],
            ["segments", "table", "TABLE"], ["risk", "table", "LABELLED"],
        ]

        @Test("Every command that shows a table, in a shop with models, links, tags and rejects")
        func fit() throws {
            let cluster = try ClusterHarness(configuration: Self.configuration)
            try cluster.start()
            let files = try Files.makeTemporaryFolder(prefix: "limn-width")
            defer { try? Files.removeTree(files) }
            func limn(_ words: [String]) throws -> Programs.Outcome {
                try Programs.run(
                    "limn", words + ["--folder", cluster.folder.path], timeout: .seconds(100),
                    environment: ["COLUMNS=\(Self.columns)"])
            }
            let shop = ["simulate", "--users", "300", "--items", "80", "--events", "8000"]
            let prepared: [[String]] = [
                shop,
                shop + ["--to-file", "\(files)/FILE.jsonl", "--truth", "\(files)/TRUTH.csv"],
                ["link", "account-7", "a-cookie-with-a-long-name-3f2c9b1a77d04e6f9a55"],
                ["wait"], ["train"], ["risk", "fit"], ["segments", "fit"],
            ]
            for words in prepared {
                let outcome = try limn(words)
                #expect(outcome.status == .exited(0), "\(words): \(outcome.output)")
            }
            // A record that is refused.
            #expect(try limn(["send", "--user", "", "--item", "i1"]).status == .exited(1))
            let rows = (0..<60).map { at in
                "\(at % 2 * 900 + at),\(at % 7 * 1000),\(at % 2),\(at * 13 % 11),\(at % 2)"
            }
            for name in ["TABLE", "LABELLED"] {
                let head = "a_measured_quantity,another_quantity,of_which,a_last_one,label\n"
                try Files.writeAtomically(
                    "\(files)/\(name).csv", Array((head + rows.joined(separator: "\n")).utf8))
            }
            for words in Self.commands {
                let words = words.map { word in
                    switch word {
                    case "FILE": "\(files)/FILE.jsonl"
                    case "TRUTH", "TABLE", "LABELLED": "\(files)/\(word).csv"
                    default: word
                    }
                }
                let output = try limn(words).output
                let rules = output.split(separator: "\n").filter { line in
                    line.contains("─") && line.allSatisfy { $0 == "─" || $0 == " " }
                }
                #expect(!rules.isEmpty, "\(words) shows no table:\n\(output)")
                for rule in rules where rule.count > Self.columns {
                    Issue.record("\(words): \(rule.count) columns\n\(output)")
                }
            }
            try cluster.stop()
        }
    }
}
