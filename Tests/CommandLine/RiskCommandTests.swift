import CommandLine
import System
import Testing

@Suite("limn risk on files, without a cluster")
struct RiskCommandTests {
    /// Honest users buy one thing by day; the cheat buys ten in a row at night, twice.
    static func shop() -> String {
        var lines: [String] = []
        func add(_ user: String, _ type: String, _ timeMs: Int, _ device: String) {
            lines.append(
                "{\"event\":{\"user_id\":\"\(user)\",\"type\":\"\(type)\",\"item_id\":\"i1\","
                    + "\"time_ms\":\(timeMs),\"price\":9,\"quantity\":1,"
                    + "\"device\":\"\(device)\"}}")
        }
        let midnight = 1_735_689_600_000
        for number in 0..<60 {
            let noon = midnight + (12 * 60 + number) * 60_000
            for type in ["view", "view", "cart_add", "order", "purchase"] {
                add("u\(number)", type, noon, number % 2 == 0 ? "ios" : "desktop")
            }
        }
        for order in 0..<10 {
            for type in ["view", "order", "purchase"] {
                add("cheat", type, midnight + (120 + order) * 60_000, "device \(order % 4)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test("list, fit, explain and evaluate")
    func wholeWay() throws {
        let folder = try FileFolder(prefix: "limn-risk")
        let shop = try folder.write("shop.jsonl", Self.shop())
        let model = ["--model", "\(folder.path)/risk.safetensors"]
        let rules = Capture()
        #expect(rules.run(["risk", shop] + model) == 0, "\(rules.errors)")
        #expect(rules.output.contains("61 users"))
        #expect(rules.output.contains("rules alone"))
        #expect(rules.output.contains("block       1"), "\(rules.output)")
        let fit = Capture()
        #expect(fit.run(["risk", "fit", shop] + model) == 0, "\(fit.errors)")
        #expect(fit.output.contains("risk/1: 61 users"), "\(fit.output)")
        // Inputs in which all are alike are named.
        #expect(fit.output.contains("discount_share (all alike)"), "\(fit.output)")
        let again = Capture()
        #expect(again.run(["risk", "fit", shop] + model) == 0)
        #expect(again.output.contains("risk/2: 61 users"))
        let one = Capture()
        #expect(one.run(["risk", shop, "--user", "cheat"] + model) == 0, "\(one.errors)")
        #expect(
            one.output.contains("4 kinds of device; 98.4 % of users have less"), "\(one.output)")
        #expect(one.output.contains("10 orders per visit"))
        let nobody = Capture()
        #expect(nobody.run(["risk", shop, "--user", "u99"] + model) == 1)
        let truth = try folder.write(
            "truth.csv", "user,taste,fraudster\ncheat,1,1\nu1,2,0\nu2,3,0\nnever,1,0\nu3,1,\n")
        let judged = Capture()
        #expect(judged.run(["risk", "evaluate", shop, "--truth", truth] + model) == 0)
        #expect(judged.output.contains("3 users, 1 of them cheat; 1 were never seen; risk/2"))
        #expect(judged.output.contains("precision 1.000, recall 1.000"), "\(judged.output)")
    }

    @Test("a person of two identifiers is judged as one, and found by either")
    func persons() throws {
        let folder = try FileFolder(prefix: "limn-risk")
        let link =
            "{\"link\":{\"user_id\":\"cheat\",\"other_id\":\"u1\",\"time_ms\":1735689600000}}\n"
        let shop = try folder.write("shop.jsonl", Self.shop() + link)
        let model = ["--model", "\(folder.path)/risk.safetensors"]
        let fit = Capture()
        #expect(fit.run(["risk", "fit", shop] + model) == 0, "\(fit.errors)")
        #expect(fit.output.contains("risk/1: 60 users"), "\(fit.output)")
        let one = Capture()
        #expect(one.run(["risk", shop, "--user", "u1"] + model) == 0, "\(one.errors)")
        // Eleven in two visits.
        #expect(one.output.hasPrefix("cheat"), "\(one.output)")
        #expect(one.output.contains("5.5 orders per visit"), "\(one.output)")
        // What is known of the other identifier is known of the person.
        let truth = try folder.write("truth.csv", "user,fraudster\nu1,1\nu2,0\nu3,0\n")
        let judged = Capture()
        #expect(judged.run(["risk", "evaluate", shop, "--truth", truth] + model) == 0)
        #expect(judged.output.contains("3 users, 1 of them cheat"), "\(judged.output)")
        #expect(judged.output.contains("recall 1.000"), "\(judged.output)")
    }

    @Test("a table with a missing and a constant column is judged, and both are named")
    func table() throws {
        let folder = try FileFolder(prefix: "limn-risk")
        var text = "signal,never,always,class\n"
        for row in 0..<300 {
            let isFraud = row % 10 == 3
            text += "\(isFraud ? 50 + row % 7 : row % 9),,4,\(isFraud ? 1 : 0)\n"
        }
        let file = try folder.write("rows.csv", text)
        let capture = Capture()
        #expect(capture.run(["risk", "table", file, "--label", "class"]) == 0, "\(capture.errors)")
        #expect(capture.output.contains("240 rows to learn from, 60 held out"))
        #expect(
            capture.output.contains(
                "columns without use: never (always missing), always (all alike)"))
        for line in capture.output.split(separator: "\n")
        where line.hasPrefix("isolation") || line.hasPrefix("gradient") {
            #expect(line.contains("  1.0000  "), "\(line)")
        }
    }

    @Test(
        "mistakes in files are named with their line",
        arguments: [
            ("user,fraudster\nu1,maybe\n", ":2: fraudster is \"maybe\"", "1 or 0"),
            ("user,x\nu1,1\n", "no column fraudster or label", "it has user, x"),
            ("name,fraudster\nu1,1\n", "no column user or user_id", ""),
            ("user,fraudster\nu1\n", ":2: 1 columns, the header has 2", ""), ("", "is empty", ""),
        ])
    func mistakes(text: String, message: String, hint: String) throws {
        let folder = try FileFolder(prefix: "limn-risk")
        let shop = try folder.write("shop.jsonl", Self.shop())
        let truth = try folder.write("truth.csv", text)
        let capture = Capture()
        #expect(capture.run(["risk", "evaluate", shop, "--truth", truth]) == 65)
        #expect(capture.errors.contains(message), "\(capture.errors)")
        #expect(capture.errors.contains(hint), "\(capture.errors)")
    }

    @Test("a simulated shop tells what was planted, and the fraudsters are found")
    func simulated() throws {
        let folder = try FileFolder(prefix: "limn-risk")
        let shop = "\(folder.path)/shop.jsonl"
        let truth = "\(folder.path)/truth.csv"
        let made = Capture()
        let words = ["--users", "200", "--items", "100", "--events", "6k", "--seed", "4"]
        #expect(made.run(["simulate", "--to-file", shop, "--truth", truth] + words) == 0)
        let lines = try Files.readText(truth).split(separator: "\n")
        #expect(lines.count == 201)
        #expect(lines.first == "user,taste,fraudster")
        #expect(lines.dropFirst().contains { $0.hasSuffix(",1") })
        let judged = Capture()
        let model = "\(folder.path)/none"
        #expect(
            judged.run(["risk", "evaluate", shop, "--truth", truth, "--model", model]) == 0,
            "\(judged.errors)")
        #expect(judged.output.contains("rules alone"))
        #expect(judged.output.contains("recall 1.000"), "\(judged.output)")
    }

    @Test("too few labels and a damaged model are told")
    func refusals() throws {
        let folder = try FileFolder(prefix: "limn-risk")
        let shop = try folder.write("shop.jsonl", Self.shop())
        let unlabelled = try folder.write("few.csv", "user,label\ncheat,1\nu1,0\n")
        let fit = Capture()
        let model = "\(folder.path)/m.safetensors"
        #expect(
            fit.run(["risk", "fit", shop, "--labels", unlabelled, "--model", model]) == 65)
        #expect(fit.errors.contains("1 users are labelled 1 and 1 are labelled 0"))
        let damaged = try folder.write("broken.safetensors", "no model")
        let list = Capture()
        #expect(list.run(["risk", shop, "--model", damaged]) == 65)
        #expect(list.errors.contains("is no model of risk"))
    }
}
