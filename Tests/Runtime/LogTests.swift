import PlainText
import Testing

@testable import Runtime

@Suite("A log line is one line that machines can take apart", .timeLimit(.minutes(5)))
struct LogTests {
    private let moment: Int64 = 1_709_210_096_007  // 2024-02-29, a leap day

    @Test func text() {
        let line = Log.line(
            .text, wallMs: moment, level: .warning, name: "ingest-0", message: "slow disk",
            fields: ["ms": "12", "path": "/a b", "odd": "x=\"y\"\n"])
        #expect(
            line == "2024-02-29T12:34:56.007Z warning ingest-0: slow disk ms=12 path=\"/a b\" "
                + "odd=\"x=\\\"y\\\"\\n\"")
    }

    @Test func json() {
        let line = Log.line(
            .json, wallMs: moment, level: .error, name: "a", message: "b\u{1}", fields: ["k": "v\\"]
        )
        #expect(
            line == "{\"time\":\"2024-02-29T12:34:56.007Z\",\"level\":\"error\",\"name\":\"a\","
                + "\"message\":\"b\\u0001\",\"k\":\"v\\\\\"}")
    }

    @Test func aMessageCannotForgeALine() {
        let line = Log.line(
            .text, wallMs: 0, level: .info, name: "a", message: "x\nerror y", fields: [:])
        #expect(line == "1970-01-01T00:00:00.000Z info a: \"x\\nerror y\"")
    }

    @Test(
        "What moves a cursor, colours or turns text around is an escape, in text and in JSON",
        arguments: [
            "\u{1B}[2J", "a\u{9B}31m", "\u{7F}", "\r", "\u{202E}", "\u{2066}",
            "\u{2028}", "\u{7}", "\0",
        ])
    func noControls(_ hostile: String) {
        for format in Log.Format.allCases {
            let line = Log.line(
                format, wallMs: 0, level: .info, name: "a", message: "m" + hostile,
                fields: ["k": hostile])
            #expect(!line.unicodeScalars.contains(where: VisibleText.isControl), "\(line)")
            #expect(line.contains("\\u") || line.contains("\\r"))
        }
        #expect(VisibleText.lines("a\tb\n" + hostile) == "a\tb\n" + VisibleText.line(hostile))
        // Languages and emoji need these.
        for good in ["手机 é", "👩‍👩‍👧", "\u{200F}שלום"] { #expect(VisibleText.line(good) == good) }
    }

    @Test(
        arguments: [
            (Int64(-1), "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ])
    func timestamps(wallMs: Int64, text: String) {
        #expect(Timestamp.text(wallMs) == text)
    }
}
