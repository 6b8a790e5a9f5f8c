import CommandLine
import Testing

@Suite("CSV is read as RFC 4180 says, however the bytes arrive")
struct CSVReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var rows: [[String]]
        var delimiter = ","
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "plain", text: "a,b\n1,2\n", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "no end of line", text: "a,b\n1,2", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "CRLF", text: "a,b\r\n1,2\r\n", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "quoted delimiter", text: "\"a,b\",c\n", rows: [["a,b", "c"]]),
        Case(name: "doubled quote", text: "\"say \"\"hi\"\"\",x\n", rows: [["say \"hi\"", "x"]]),
        Case(
            name: "quoted line break", text: "\"a\nb\",c\nd,e\n",
            rows: [["a\nb", "c"], ["d", "e"]]),
        Case(name: "empty fields", text: ",,\n", rows: [["", "", ""]]),
        Case(name: "empty quoted", text: "\"\",x\n", rows: [["", "x"]]),
        Case(name: "blank lines", text: "a\n\n\nb\n", rows: [["a"], ["b"]]),
        Case(name: "byte order mark", text: "\u{FEFF}a,b\n", rows: [["a", "b"]]),
        Case(name: "quote inside", text: "5\" pipe,x\n", rows: [["5\" pipe", "x"]]),
        Case(
            name: "quoted last field", text: "a,\"b\"\n\"c\",d", rows: [["a", "b"], ["c", "d"]]),
        Case(name: "tab", text: "a\tb c\n", rows: [["a", "b c"]], delimiter: "\t"),
        Case(
            name: "two colons", text: "1::A: B::C\n", rows: [["1", "A: B", "C"]], delimiter: "::"),
        Case(name: "three colons", text: "a:::b\n", rows: [["a", ":b"]], delimiter: "::"),
        Case(name: "Chinese", text: "手机,价格\n", rows: [["手机", "价格"]]),
    ]

    static func read(
        _ text: String, delimiter: String = ",", pieces: Int
    ) throws -> [[String]] {
        var rest = ArraySlice(text.utf8)
        var reader = CSVReader(delimiter: delimiter) { () throws(CommandFailure) -> [UInt8] in
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            return piece
        }
        var rows: [[String]] = []
        var row = CSVReader.Row()
        while try reader.next(&row) { rows.append(row.texts) }
        return rows
    }

    @Test("Every case, in pieces of every size", arguments: cases)
    func everyCase(_ example: Case) throws {
        for pieces in [1, 2, 3, 7, 1000] {
            // A byte order mark is looked for in the first piece only.
            if example.name == "byte order mark" && pieces < 3 { continue }
            let rows = try Self.read(example.text, delimiter: example.delimiter, pieces: pieces)
            #expect(rows == example.rows, "\(example.name) in pieces of \(pieces)")
        }
    }

    @Test("A quote that never ends is reported, and lines are counted through quotes")
    func unterminated() throws {
        var given = false
        var reader = CSVReader(delimiter: ",") { () throws(CommandFailure) -> [UInt8] in
            defer { given = true }
            return given ? [] : Array("a,\"x\ny\"\nb,\"never".utf8)
        }
        var row = CSVReader.Row()
        #expect(try reader.next(&row))
        #expect(row.line == 1 && !row.isUnterminated)
        #expect(try reader.next(&row))
        #expect(row.line == 3 && row.isUnterminated)
        #expect(try !reader.next(&row))
    }
}
