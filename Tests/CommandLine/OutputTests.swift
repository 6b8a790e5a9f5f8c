import CommandLine
import Messages
import Testing

@Suite("Output is aligned, grouped and exact")
struct OutputTests {
    @Test("A table with numbers to the right and wide characters")
    func table() {
        var table = Table([.init("item", widthMax: 8), .init("count", .right), .init("x")])
        table.add(["手机壳", "1,234"])
        table.add(["a very long title", "7", "end"])
        #expect(
            table.rendered(columns: nil) == """
                item      count  x
                ────────  ─────  ───
                手机壳    1,234
                a very …      7  end
                """)
    }

    @Test(
        "Widths on the screen",
        arguments: [("abc", 3), ("手机", 4), ("é", 1), ("e\u{301}", 1), ("日本x", 5), ("", 0)])
    func widths(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test("Numbers, sizes, durations")
    func numbers() {
        #expect(Format.count(1_234_567) == "1,234,567")
        #expect(Format.count(-999) == "-999")
        #expect(Format.decimal(-0.004, 2) == "0.00")
        #expect(Format.decimal(1234.5, 2) == "1,234.50")
        #expect(Format.decimal(.nan) == "n/a")
        #expect(Format.bytes(1023) == "1023 B")
        #expect(Format.bytes(5 << 20) == "5.0 MiB")
        #expect(Format.duration(0.0421) == "42 ms")
        #expect(Format.duration(4.24) == "4.2 s")
        #expect(Format.duration(185) == "3 min 05 s")
        #expect(Format.duration(7_800) == "2 h 10 min")
        #expect(Format.duration(270_000) == "3 d 3 h")
        #expect(Format.time(1_569_888_001_000) == "2019-10-01 00:00:01")
        #expect(Format.time(-1000) == "1969-12-31 23:59:59")
        #expect(Format.bar(0.5, width: 4) == "██")
    }

    @Test("Progress: share, count, rate, time left")
    func progress() {
        let line = ProgressBar.line("import", 50_000, unit: "rows", share: 0.25, seconds: 2)
        #expect(
            line == "import  ▕██████                  ▏ 25 %  50,000 rows  25,000/s  6.0 s left")
        let unknown = ProgressBar.line("import", 10, unit: "rows", share: nil, seconds: 1)
        #expect(unknown == "import  10 rows  10/s")
    }

    @Test("JSON keeps the order of keys and escapes what must be")
    func json() throws {
        let value = JSONValue.object([
            ("b", .integer(1)), ("a", .string("x\"\n\u{1}手")), ("n", .number(.nan)),
            ("f", .number(0.5)),
        ])
        #expect(value.rendered() == #"{"b":1,"a":"x\"\n\u0001手","n":null,"f":0.5}"#)
        let back = try JSONParser.parse(Array(value.rendered().utf8))
        #expect(back["a"]?.text == "x\"\n\u{1}手")
        #expect(try JSONParser.parse(Array(#""\ud83d\ude00""#.utf8)) == .string("😀"))
    }

    @Test(
        "Bad JSON is refused",
        arguments: ["", "{", "[1,", "{\"a\" 1}", "\"x", "{}{}", "nul", "\"\\u12\"", "/*"])
    func badJSON(text: String) {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test("Nothing may be left over in the accounting")
    func accounting() {
        var tally = Tally()
        tally.sent = 9
        tally.accepted = 6
        tally.duplicates = 2
        tally.rejected = 1
        var accounting = Accounting(
            rows: 1_010, items: 1, rowErrors: 1_002, mapped: 9, tally: tally, seconds: 2)
        #expect(accounting.isBalanced)
        #expect(
            accounting.lines(mapping: "m") == [
                "rows 1,010 = sent 8 + row errors 1,002; items found in rows 1",
                "sent 9 = accepted 6 + duplicates 2 + rejected 1", "mapping m, 2.0 s, 505 rows/s",
            ])
        accounting.tally?.accepted = 5
        #expect(!accounting.isBalanced)
    }

    @Test("Row errors: five are shown, all are counted by code")
    func rowErrors() {
        var report = RowErrorReport()
        for line in 1...7 {
            report.add(RowError(line < 7 ? .time : .type, "bad", line: line, column: "when"))
        }
        let lines = report.lines()
        #expect(lines.first == "row errors: time 6, type 1")
        #expect(lines[1] == "  line 1, column when: time: bad")
        #expect(lines.last == "  … and 2 more")
    }

    @Test("A profile for people")
    func profile() {
        var profile = Profile()
        profile.userID = "u1"
        profile.known = true
        profile.lastSeenMs = 1_569_888_000_000
        var affinity = Affinity()
        affinity.kind = "category"
        affinity.name = "home/lamp"
        affinity.share = 0.5
        profile.affinities = [affinity]
        var prediction = Prediction()
        prediction.name = "purchase"
        prediction.probability = 0.25
        prediction.horizonHours = 168
        profile.predictions = [prediction]
        let text = ProfileView(profile, style: .plain, nowMs: 1_569_888_060_000).rendered()
        #expect(text.contains("last 60 s ago"))
        #expect(text.contains("purchase within 7 days"))
        #expect(text.contains("home/lamp") && text.contains("50 %"))
        // Fifty events, the last one first, and one that came late.
        profile.recent = (0..<50).reversed().map { at in
            var event = RecentEvent()
            event.itemID = "i\(at)"
            event.timeMs = 1_569_888_000_000 + Int64(at)
            return event
        }
        profile.recent[0].timeMs = 1_569_800_000_000
        let recent = ProfileView(profile, style: .plain, nowMs: 1_569_888_060_000).rendered()
            .split(separator: "Recent events\n").last?.split(separator: "\n")
            .map { $0.split(separator: " ").last ?? "" }
        #expect(recent ?? [] == (39..<49).reversed().map { "i\($0)" })
        profile.known = false
        let unknown = ProfileView(profile, style: .plain, nowMs: 0).rendered()
        #expect(unknown.contains("is not known"))
    }
}
