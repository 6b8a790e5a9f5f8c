/// Recognises a data set from its first lines.
package enum Sniffer {
    /// The mapping for a file that starts with `text`, or nil. May change header and delimiter.
    package static func recognise(_ text: String) -> Mapping? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard var first = lines.first.map(String.init) else { return nil }
        if first.hasPrefix("\u{FEFF}") { first.removeFirst() }
        if first.hasPrefix("{") { return recogniseJSON(first) }
        if first.contains("::") { return recogniseDoubleColon(first) }
        for delimiter in [",", "\t", ";"] where first.contains(delimiter) {
            let names = split(first, delimiter)
            let header = Set(names)
            for mapping in BuiltInMappings.all
            where mapping.format == .csv && mapping.hasHeader {
                if columns(of: mapping, areIn: header) {
                    var found = mapping
                    found.delimiter = delimiter
                    return found
                }
            }
            let row = lines.count > 1 ? split(String(lines[1]), delimiter) : []
            if var found = NamedColumns.mapping(names, first: row) {
                found.delimiter = delimiter
                return found
            }
        }
        let parts = split(first, ",")
        if parts.count == 5, ["pv", "cart", "fav", "buy"].contains(parts[3]) {
            var found = BuiltInMappings.taobao
            found.hasHeader = false
            return found
        }
        return nil
    }

    private static func split(_ line: String, _ delimiter: String) -> [String] {
        line.split(separator: Character(delimiter), omittingEmptySubsequences: false).map {
            $0.trimmingQuotes
        }
    }

    private static func columns(of mapping: Mapping, areIn header: Set<String>) -> Bool {
        mapping.fields.values.allSatisfy { source in
            guard case .column(let name) = source else { return true }
            return name.split(separator: "|").contains { header.contains(String($0)) }
        }
    }

    private static func recogniseDoubleColon(_ line: String) -> Mapping? {
        switch line.split(separator: "::", omittingEmptySubsequences: false).count {
        case 3: BuiltInMappings.movielensMovies
        case 4: BuiltInMappings.movielensRatingsOriginal
        case 5: BuiltInMappings.movielensUsers
        default: nil
        }
    }

    private static func recogniseJSON(_ line: String) -> Mapping? {
        guard let value = try? JSONParser.parse(Array(line.utf8)) else { return nil }
        if value["reviewerID"] != nil && value["asin"] != nil {
            return BuiltInMappings.amazonReviews
        }
        let isOwn = ["event", "item", "user"].contains { value[$0]?.members != nil }
        return isOwn || value["user_id"] != nil ? BuiltInMappings.limn : nil
    }
}

extension StringProtocol {
    /// Without surrounding spaces and one pair of double quotes.
    var trimmingQuotes: String {
        var text = Substring(self)
        while text.first == " " || text.first == "\r" { text.removeFirst() }
        while text.last == " " || text.last == "\r" { text.removeLast() }
        if text.count >= 2, text.first == "\"", text.last == "\"" {
            text = text.dropFirst().dropLast()
        }
        return String(text)
    }
}
