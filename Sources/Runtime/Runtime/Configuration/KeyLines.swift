/// On which line of a JSON5 text each key stands, which Foundation's decoder does not tell.
/// Made for texts that Foundation has accepted; on others it may find too little but always ends.
struct KeyLines {
    private var lines: [[String]: Int] = [:]
    /// Keys that stand twice in one object, with the line of the second.
    private(set) var doubles: [(path: [String], line: Int)] = []

    private var bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        scan()
        bytes = []
    }

    /// The line of a key, or of the nearest object around it; 1 at the worst.
    func line(of path: [String]) -> Int {
        var path = path
        while !path.isEmpty {
            if let line = lines[path] { return line }
            path.removeLast()
        }
        return 1
    }

    private mutating func scan() {
        // nil = an array's level; a name = the key whose value is being read.
        var levels: [String?] = []
        var candidate: (name: String, line: Int)?
        while position < bytes.count {
            let start = line
            switch bytes[position] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                candidate = (quoted(), start)
            case UInt8(ascii: "/"):
                skipComment()
            case UInt8(ascii: "{"):
                levels.append("")
                position += 1
            case UInt8(ascii: "["):
                levels.append(nil)
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                _ = levels.popLast()
                position += 1
            case UInt8(ascii: ":"):
                if let found = candidate, let last = levels.last, last != nil {
                    levels[levels.count - 1] = found.name
                    note(levels.compactMap { $0 }, found.line)
                }
                candidate = nil
                position += 1
            default:
                if isWord(bytes[position]) { candidate = (word(), start) } else { step() }
            }
        }
    }

    private mutating func note(_ path: [String], _ line: Int) {
        if lines[path] != nil { doubles.append((path, line)) }
        lines[path] = line
    }

    private mutating func step() {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "$"), 128...255: true
        default: false
        }
    }

    private mutating func word() -> String {
        let start = position
        while position < bytes.count, isWord(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quoted() -> String {
        let quote = bytes[position]
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != quote {
            if bytes[position] == UInt8(ascii: "\\") { step() }
            if position < bytes.count { step() }
        }
        let text = String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
        position += 1
        return text
    }

    private mutating func skipComment() {
        let next = position + 1 < bytes.count ? bytes[position + 1] : 0
        if next == UInt8(ascii: "/") {
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        } else if next == UInt8(ascii: "*") {
            position += 2
            while position < bytes.count {
                let ends =
                    bytes[position] == UInt8(ascii: "*") && position + 1 < bytes.count
                    && bytes[position + 1] == UInt8(ascii: "/")
                if ends {
                    position += 2
                    return
                }
                step()
            }
        } else {
            position += 1
        }
    }
}
