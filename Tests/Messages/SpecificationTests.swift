import Messages
import Testing

@Suite("The specification, the schemas and the code have the same numbers")
struct SpecificationTests {
    /// The rows of the README's tables whose second cell starts with a prefix.
    private func rows(_ prefix: String) throws -> [[String]] {
        try Contract.text("README.md").split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| ") else { return nil }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { cell in String(cell.filter { $0 != "`" }).trimmed }
            return cells.count > 3 && cells[2].hasPrefix(prefix) ? cells : nil
        }
    }

    /// The values of an enum in a schema.
    private func schema(_ file: String, _ prefix: String) throws -> [Int32: String] {
        var values: [Int32: String] = [:]
        for line in try Contract.text("limn/v1/\(file).proto").split(separator: "\n") {
            let words = line.trimmed.split(separator: " ")
            guard words.count >= 3, words[0].hasPrefix(prefix), words[1] == "=" else { continue }
            guard let number = Int32(words[2].dropLast()) else { continue }
            values[number] = String(words[0])
        }
        return values
    }

    private func code<E: WireEnum>(_ type: E.Type, _ prefix: String) -> [Int32: String] {
        let pairs = E.named.map { ($0.value.rawValue, prefix + $0.name.uppercased()) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test("Kinds")
    func kinds() throws {
        let code = code(Kind.self, "KIND_")
        #expect(code == (try schema("frame", "KIND_")))
        let rows = try rows("KIND_")
        var table: [Int32: String] = [:]
        for row in rows { table[try #require(Int32(row[1]))] = row[2] }
        #expect(table.count == rows.count)
        #expect(table == code.filter { $0.key != 0 })
        let messages = Dictionary(
            uniqueKeysWithValues: Sample.all.compactMap { sample in
                sample.kind.map { ("KIND_" + $0.name.uppercased(), sample.name) }
            })
        for row in rows {
            #expect(messages[row[2]] == row[3])
            #expect(row[5].isEmpty || messages[row[5]] != nil)
        }
    }

    @Test("Error codes")
    func errorCodes() throws {
        let code = code(ErrorCode.self, "ERROR_")
        #expect(code == (try schema("frame", "ERROR_")))
        let rows = try rows("ERROR_")
        var table: [Int32: String] = [:]
        for row in rows {
            table[try #require(Int32(row[1]))] = row[2]
            #expect(!row[3].isEmpty)
            #expect(["no", "later", "changed"].contains { row[4].hasPrefix($0) }, "\(row)")
        }
        #expect(table.count == rows.count)
        #expect(table == code)
    }

    @Test("Event types and streams")
    func others() throws {
        #expect(code(EventType.self, "EVENT_TYPE_") == (try schema("events", "EVENT_TYPE_")))
        #expect(code(RejectsAction.self, "REJECTS_") == (try schema("rejects", "REJECTS_")))
        #expect(code(LogStream.self, "STREAM_") == (try schema("log", "STREAM_")))
    }

    @Test("The frame's limit")
    func limits() throws {
        let bytes = Frame.largestBytes
        let text = "4,194,304 bytes"
        #expect(String(bytes) == text.filter(\.isNumber))
        #expect(try Contract.text("README.md").contains(text))
    }

    @Test("Names lead back to values", arguments: EventType.named.map(\.value))
    func names(_ type: EventType) {
        #expect(EventType(name: type.name) == type)
        #expect(type.description == type.name)
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        let start = drop(while: { $0 == " " })
        return String(start.reversed().drop(while: { $0 == " " }).reversed())
    }
}
