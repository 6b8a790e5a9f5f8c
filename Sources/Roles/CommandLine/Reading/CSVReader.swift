/// Rows of a delimited text after RFC 4180: quotes, doubled quotes, line breaks inside quotes.
/// The delimiter may have several bytes.
package struct CSVReader {
    /// One row; lives until the next one is read.
    package struct Row: Sendable {
        package fileprivate(set) var bytes: [UInt8] = []
        fileprivate var ends: [Int] = []
        /// Line in the file where the row starts, from 1.
        package fileprivate(set) var line = 0
        package fileprivate(set) var isUnterminated = false
        package fileprivate(set) var isTooLong = false

        package var count: Int { ends.count }

        package func range(_ field: Int) -> Range<Int> {
            (field == 0 ? 0 : ends[field - 1])..<ends[field]
        }

        /// Text of a field; nil if it is not UTF-8.
        package func text(_ field: Int) -> String? {
            let range = range(field)
            return String(validating: bytes[range], as: UTF8.self)
        }

        package var texts: [String] { (0..<count).map { text($0) ?? "\u{FFFD}" } }
    }

    package static let rowBytesMax = 1 << 20

    private let delimiter: [UInt8]
    private let allowsQuotes: Bool
    private let more: () throws(CommandFailure) -> [UInt8]
    private var piece: [UInt8] = []
    private var at = 0
    private var line = 1
    private var isAtEnd = false
    private var isFirst = true

    /// `more` gives the next piece of the text, empty at the end.
    package init(
        delimiter: String, allowsQuotes: Bool = true,
        more: @escaping () throws(CommandFailure) -> [UInt8]
    ) {
        precondition(!delimiter.isEmpty)
        self.delimiter = Array(delimiter.utf8)
        self.allowsQuotes = allowsQuotes
        self.more = more
    }

    /// Makes sure that a byte is there; false at the end.
    private mutating func fill() throws(CommandFailure) -> Bool {
        if at < piece.count { return true }
        if isAtEnd { return false }
        piece = try more()
        at = 0
        isAtEnd = piece.isEmpty
        if isFirst, piece.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        isFirst = false
        return at < piece.count
    }

    /// Reads the next row into `row`; false at the end. Empty lines are skipped.
    package mutating func next(_ row: inout Row) throws(CommandFailure) -> Bool {
        while try readRow(&row) {
            if row.count > 1 || !row.bytes.isEmpty || row.isUnterminated { return true }
        }
        return false
    }

    private mutating func readRow(_ row: inout Row) throws(CommandFailure) -> Bool {
        row.bytes.removeAll(keepingCapacity: true)
        row.ends.removeAll(keepingCapacity: true)
        row.isUnterminated = false
        row.isTooLong = false
        guard try fill() else { return false }
        row.line = line
        let lastByte = delimiter[delimiter.count - 1]
        var fieldStart = 0
        var isQuoted = false
        var wasQuoted = false
        while try fill() {
            let byte = piece[at]
            at += 1
            if isQuoted {
                if byte == 0x22 {
                    if try fill(), piece[at] == 0x22 {
                        row.bytes.append(0x22)
                        at += 1
                    } else {
                        isQuoted = false
                        wasQuoted = true
                        fieldStart = max(fieldStart, row.bytes.count)
                    }
                    continue
                }
                if byte == 0x0A { line += 1 }
            } else if byte == 0x0A {
                line += 1
                dropReturn(&row)
                row.ends.append(row.bytes.count)
                return true
            } else if byte == 0x22, allowsQuotes, !wasQuoted,
                row.bytes.count == (row.ends.last ?? 0)
            {
                isQuoted = true
                continue
            }
            if row.bytes.count >= Self.rowBytesMax {
                row.isTooLong = true
                // A quote that never ends would swallow the file: give up on quoting here.
                isQuoted = false
                continue
            }
            row.bytes.append(byte)
            if !isQuoted, byte == lastByte, endsWithDelimiter(row.bytes, from: fieldStart) {
                row.bytes.removeLast(delimiter.count)
                row.ends.append(row.bytes.count)
                fieldStart = row.bytes.count
                wasQuoted = false
            }
        }
        row.isUnterminated = isQuoted
        dropReturn(&row)
        row.ends.append(row.bytes.count)
        return true
    }

    private func dropReturn(_ row: inout Row) {
        if row.bytes.last == 0x0D, row.bytes.count > (row.ends.last ?? 0) {
            row.bytes.removeLast()
        }
    }

    @inline(__always)
    private func endsWithDelimiter(_ bytes: [UInt8], from start: Int) -> Bool {
        if delimiter.count == 1 { return true }
        guard bytes.count - start >= delimiter.count else { return false }
        for place in 0..<delimiter.count
        where bytes[bytes.count - delimiter.count + place] != delimiter[place] {
            return false
        }
        return true
    }
}
