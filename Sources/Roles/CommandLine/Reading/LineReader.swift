/// Lines of a text that comes in pieces.
package struct LineReader {
    package static let lineBytesMax = 4 << 20

    private let more: () throws(CommandFailure) -> [UInt8]
    private var piece: [UInt8] = []
    private var at = 0
    private var isAtEnd = false
    /// Number of the line read last, from 1.
    package private(set) var line = 0

    package init(more: @escaping () throws(CommandFailure) -> [UInt8]) { self.more = more }

    /// The next line that is not empty, without its end; nil at the end of the text. What is
    /// longer than the limit is cut off and then fails as JSON.
    package mutating func next() throws(CommandFailure) -> [UInt8]? {
        var collected: [UInt8] = []
        while true {
            if at >= piece.count {
                if !isAtEnd { piece = try more() }
                at = 0
                isAtEnd = isAtEnd || piece.isEmpty
                if isAtEnd {
                    if collected.isEmpty { return nil }
                    line += 1
                    return collected
                }
            }
            let end = piece[at...].firstIndex(of: 0x0A)
            let stop = min(end ?? piece.count, at + Self.lineBytesMax - collected.count)
            collected += piece[at..<stop]
            at = end.map { $0 + 1 } ?? piece.count
            guard end != nil else { continue }
            line += 1
            if collected.last == 0x0D { collected.removeLast() }
            if !collected.isEmpty { return collected }
        }
    }
}
