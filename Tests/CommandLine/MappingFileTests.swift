import CommandLine
import Testing

@Suite("A mapping file is understood, and its mistakes are named")
struct MappingFileTests {
    @Test("JSON5 with comments, constants, values and times")
    func good() throws {
        let text = """
            // our shop
            { record: 'event', delimiter: ";",
              fields: { user_id: "customer", type: { constant: "view" }, time: "when", },
              values: { type: { look: "view" } },
              time: { format: "order", start: "2001-01-01", step_seconds: 2 } }
            """
        let mapping = try MappingFile.parse(Array(text.utf8), name: "shop.json5")
        #expect(mapping.delimiter == ";")
        #expect(mapping.fields["user_id"] == .column("customer"))
        #expect(mapping.fields["type"] == .constant("view"))
        #expect(mapping.timeFormat == .order)
        #expect(mapping.timeStepMs == 2_000)
    }

    @Test(
        "Mistakes",
        arguments: [
            ("{ feilds: {} }", "did you mean fields?"),
            ("{ fields: { user: \"a\" } }", "known:"),
            ("{ fields: { user_i: \"a\" } }", "did you mean user_id?"),
            ("{ time: \"iso8601\" }", "known:"),
            ("{ header: false }", "columns"),
        ])
    func mistakes(text: String, hint: String) {
        let failure = #expect(throws: CommandFailure.self) {
            try MappingFile.parse(Array(text.utf8), name: "m.json5")
        }
        #expect(failure?.exit == .data)
        #expect(failure?.hint.contains(hint) == true, "\(failure?.hint ?? "")")
    }

    @Test("A syntax error names its line")
    func syntax() {
        let failure = #expect(throws: CommandFailure.self) {
            try MappingFile.parse(Array("{\n fields: {\n user_id \"a\" } }".utf8), name: "m.json5")
        }
        #expect(failure?.message.contains("line 3") == true)
    }

    @Test(
        "Moments in every format",
        arguments: [
            (TimeFormat.seconds, "1511544070", 1_511_544_070_000),
            (.milliseconds, "1430636062541", 1_430_636_062_541),
            (.fractionalSeconds, "1396437466.94", 1_396_437_466_940),
            (.iso, "2019-10-01T00:00:00Z", 1_569_888_000_000),
            (.iso, "2019-10-01 00:00:00 UTC", 1_569_888_000_000),
            (.iso, "2019-10-01", 1_569_888_000_000),
            (.iso, "2019-10-01T02:00:00.250+02:00", 1_569_888_000_250),
            (.iso, "2019-09-30T19:30:00-0430", 1_569_888_000_000),
            (.order, "3", 180_000),
            (.seconds, "12.5", nil), (.seconds, "99999999999999999", nil),
            (.iso, "2019-02-29", nil), (.iso, "2019-10-01 25:00:00", nil),
            (.iso, "01/10/2019", nil), (.milliseconds, "", nil),
        ] as [(TimeFormat, String, Int64?)])
    func times(format: TimeFormat, text: String, expected: Int64?) {
        #expect(format.milliseconds(text, startMs: 0, stepMs: 60_000) == expected)
    }
}
