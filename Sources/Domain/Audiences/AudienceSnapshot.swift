package import Messages

/// An audience as it was at one moment, for a campaign or a report, while users come and go.
package struct AudienceSnapshot: WireMessage, Equatable {
    package var name = ""
    /// The condition that the users met.
    package var condition = ""
    /// Where windows ended.
    package var asOfMs: Int64 = 0
    /// Of the name, from 1.
    package var version: UInt64 = 0
    package var userIDs: [String] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &name)
            case 2: try reader.read(field, into: &condition)
            case 3: try reader.read(field, into: &asOfMs)
            case 4: try reader.read(field, into: &version)
            case 5: try reader.read(field, into: &userIDs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, name)
        out.write(2, condition)
        out.write(3, asOfMs)
        out.write(4, version)
        out.write(5, userIDs)
    }
}

/// One user per line below a title, as RFC 4180 quotes.
package enum AudienceCSV {
    package static func text(_ userIDs: [String]) -> String {
        var out = "user_id\r\n"
        for id in userIDs { out += field(id) + "\r\n" }
        return out
    }

    /// Spreadsheets take a cell that begins with one of these for a formula; the quote stops them.
    private static let formulas: Set<UInt8> = Set("=+-@\t\r".utf8)

    static func field(_ text: String) -> String {
        let isFormula = text.utf8.first.map { formulas.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        let isPlain = !safe.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        return isPlain ? safe : "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
