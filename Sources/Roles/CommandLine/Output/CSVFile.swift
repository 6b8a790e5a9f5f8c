import Foundation

/// Rows written to a new CSV file (RFC 4180), some at a time.
final class CSVFile {
    private let handle: FileHandle
    private var waiting: [UInt8] = []
    private static let waitingMax = 1 << 20

    /// Makes the file, or empties the one that is there.
    init(_ path: String) throws(CommandFailure) {
        handle = try ImportRun.create(path)
    }

    func write(_ cells: [String]) throws {
        waiting += cells.map(Self.cell).joined(separator: ",").utf8
        waiting.append(UInt8(ascii: "\n"))
        if waiting.count >= Self.waitingMax { try flush() }
    }

    func close() throws {
        try flush()
        try handle.close()
    }

    private func flush() throws {
        try handle.write(contentsOf: waiting)
        waiting.removeAll(keepingCapacity: true)
    }

    /// In quotes where a reader would need them.
    static func cell(_ text: String) -> String {
        guard text.contains(where: { "\",\r\n".contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
