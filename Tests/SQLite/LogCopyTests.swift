import Foundation
import SQLite
import Testing

@Suite("The write-ahead log is copied on another thread and begins anew")
struct LogCopyTests {
    /// How often the log began anew, from its header; nil while there is none.
    private static func beginnings(_ path: String) throws -> UInt32? {
        let header = try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).prefix(32)
        guard header.count == 32 else { return nil }
        return header[12..<16].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    @Test("commits without a pause never let it grow for ever, and nothing is lost")
    func busyWriter() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("limn-copy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("busy.sqlite").path
        var options = DatabaseOptions()
        options.checkpointPages = 50
        options.copiesLogAside = true
        let database = try Database(path: path, options: options)
        try database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)")
        let put = try database.prepare("INSERT INTO t (body) VALUES (?)")
        let deadline = ContinuousClock.now + .seconds(30)
        var rows: Int64 = 0
        while try Self.beginnings(path) ?? 0 < 4 {
            try database.transaction {
                for _ in 0..<5 {
                    try put.bind([UInt8](repeating: UInt8(rows & 255), count: 3_000), at: 1)
                    try put.run()
                    rows += 1
                }
            }
            try #require(ContinuousClock.now < deadline, "the log grows: \(rows) rows")
        }
        let other = try Database(path: path)
        #expect(try other.integer("SELECT count(*) FROM t") == rows)
        #expect(try other.damage() == nil)
    }
}
