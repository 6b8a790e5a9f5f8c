import Foundation

/// Files of the repository that the wire's contract consists of.
enum Contract {
    static var protocols: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Protocols")
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: protocols.appending(path: path), encoding: .utf8)
    }

    /// The bytes of a golden vector.
    static func golden(_ name: String) throws -> [UInt8] {
        let digits = try text("golden/\(name).hex").utf8.compactMap { hexDigit($0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Writes a golden vector, 32 bytes per line.
    static func write(golden name: String, _ bytes: [UInt8]) throws {
        let folder = protocols.appending(path: "golden")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lines = stride(from: 0, to: bytes.count, by: 32).map { start in
            bytes[start..<min(start + 32, bytes.count)].map { String(format: "%02x", $0) }.joined()
        }
        let text = lines.map { $0 + "\n" }.joined()
        let file = folder.appending(path: "\(name).hex")
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 97...102: byte - 87
        default: nil
        }
    }
}
