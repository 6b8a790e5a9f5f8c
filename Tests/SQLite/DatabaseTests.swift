import Foundation
import SQLite
import Testing

@Suite("SQLite: values come back as they were bound, errors say what they are")
struct DatabaseTests {
    private let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("limn-sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("test.sqlite").path
    }

    private func remove() {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try? FileManager.default.removeItem(at: folder)
    }

    @Test("every type survives a round trip, extremes included")
    func roundTrip() throws {
        defer { remove() }
        let database = try Database(path: path)
        try database.execute("CREATE TABLE t (a, b, c, d, e, f)")
        let put = try database.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
        let rows: [(Int64, UInt64, Double, String, [UInt8])] = [
            (.min, .max, .greatestFiniteMagnitude, "", []),
            (.max, 1 << 63, -0.5, "naïve\u{0}text 漢字", [0, 255, 0]),
            (0, 0, .leastNonzeroMagnitude, "x", [UInt8](repeating: 7, count: 100_000)),
        ]
        for row in rows {
            try put.bind(row.0, at: 1)
            try put.bind(bits: row.1, at: 2)
            try put.bind(row.2, at: 3)
            try put.bind(row.3, at: 4)
            try put.bind(row.4, at: 5)
            try put.bindNull(at: 6)
            try put.run()
        }
        let get = try database.prepare("SELECT * FROM t ORDER BY rowid")
        for row in rows {
            #expect(try get.step())
            #expect(get.int64(0) == row.0)
            #expect(get.bits(1) == row.1)
            #expect(get.double(2) == row.2)
            #expect(get.text(3) == row.3)
            #expect(get.bytes(4) == row.4)
            #expect(get.withBytes(4) { $0.count } == row.4.count)
            #expect(!get.isNull(4))
            #expect(get.isNull(5))
            #expect(get.bytes(5).isEmpty)
        }
        #expect(try !get.step())
    }

    /// How many of this process's descriptors are of the file or what belongs to it.
    private var descriptors: Int {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "\(folder)/\(name)")
            return target?.hasPrefix(path) == true
        }
    }

    @Test(
        "whoever lets go of a database closes it, after transactions too", arguments: [false, true])
    func closes(aside: Bool) throws {
        defer { remove() }
        var options = DatabaseOptions()
        options.copiesLogAside = aside
        do {
            let database = try Database(path: path, options: options)
            try database.execute("CREATE TABLE t (a)")
            let put = try database.prepare("INSERT INTO t VALUES (1)")
            try database.transaction { try put.run() }
            #expect(descriptors > 0)
        }
        #expect(descriptors == 0)
        // Where logs are copied aside nobody waits for that when he closes.
        #expect(FileManager.default.fileExists(atPath: path + "-wal") == aside)
        #expect(try Database(path: path).integer("SELECT count(*) FROM t") == 1)
    }

    @Test("a transaction that throws leaves nothing, and the next one works")
    func rollback() throws {
        defer { remove() }
        struct Stop: Error {}
        let database = try Database(path: path)
        try database.execute("CREATE TABLE t (a)")
        #expect(throws: Stop.self) {
            try database.transaction {
                try database.execute("INSERT INTO t VALUES (1)")
                throw Stop()
            }
        }
        #expect(database.isIdle)
        try database.transaction { try database.execute("INSERT INTO t VALUES (2)") }
        #expect(try database.integer("SELECT count(*) FROM t") == 1)
        #expect(database.changes == 1)
    }

    @Test("errors keep both codes and the message")
    func errors() throws {
        defer { remove() }
        let database = try Database(path: path)
        try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b UNIQUE)")
        try database.execute("INSERT INTO t VALUES (1, 1)")
        let unique = #expect(throws: SQLiteError.self) {
            try database.execute("INSERT INTO t VALUES (2, 1)")
        }
        #expect(unique?.kind == .constraint)
        #expect(unique?.code == 19)
        #expect(unique?.extendedCode == 2067)
        #expect(unique?.message.contains("t.b") == true)
        let syntax = #expect(throws: SQLiteError.self) { _ = try database.prepare("SELEC 1") }
        #expect(syntax?.kind == .other)
        #expect(throws: SQLiteError.self) { _ = try database.prepare("  ") }
        let range = #expect(throws: SQLiteError.self) {
            try database.prepare("SELECT ?").bind(1, at: 2)
        }
        #expect(range?.code == 25)
    }

    @Test("a statement works again after a failed step")
    func reuseAfterError() throws {
        defer { remove() }
        let database = try Database(path: path)
        try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        let put = try database.prepare("INSERT INTO t VALUES (?)")
        try put.bind(1, at: 1)
        try put.run()
        #expect(throws: SQLiteError.self) { try put.run() }
        try put.bind(2, at: 1)
        try put.run()
        #expect(try database.integer("SELECT count(*) FROM t") == 2)
    }

    @Test("a full file is diskFull, and writable again once there is room")
    func full() throws {
        defer { remove() }
        let database = try Database(path: path)
        try database.execute("CREATE TABLE t (a)")
        try database.limit(pages: try database.pageCount() + 2)
        let error = #expect(throws: SQLiteError.self) {
            try database.transaction {
                try database.execute("INSERT INTO t VALUES (zeroblob(100000))")
            }
        }
        #expect(error?.kind == .diskFull)
        #expect(database.isIdle)
        try database.limit(pages: 1 << 20)
        try database.execute("INSERT INTO t VALUES (zeroblob(100000))")
        #expect(try database.integer("SELECT count(*) FROM t") == 1)
    }

    @Test("a lock held elsewhere is busy")
    func busy() throws {
        defer { remove() }
        var options = DatabaseOptions()
        options.busyTimeoutMs = 0
        let first = try Database(path: path, options: options)
        let second = try Database(path: path, options: options)
        try first.execute("CREATE TABLE t (a)")
        try first.transaction {
            let error = #expect(throws: SQLiteError.self) { try second.transaction {} }
            #expect(error?.kind == .busy)
        }
        try second.transaction { try second.execute("INSERT INTO t VALUES (1)") }
    }

    @Test("what cannot be opened or written says so")
    func notWritable() throws {
        defer { remove() }
        let missing = #expect(throws: SQLiteError.self) {
            _ = try Database(path: "\(path)/no/such/folder")
        }
        #expect(missing?.kind == .notWritable)
        let writer = try Database(path: path)
        try writer.execute("CREATE TABLE t (a)")
        var options = DatabaseOptions()
        options.readOnly = true
        let reader = try Database(path: path, options: options)
        let error = #expect(throws: SQLiteError.self) {
            try reader.execute("INSERT INTO t VALUES (1)")
        }
        #expect(error?.kind == .notWritable)
    }

    @Test("a file that is no database is corrupt")
    func corrupt() throws {
        defer { remove() }
        try Data(repeating: 0x5a, count: 8_192).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: SQLiteError.self) { _ = try Database(path: path) }
        #expect(error?.kind == .corrupt)
    }

    @Test("a snapshot does not see what is written meanwhile")
    func snapshot() throws {
        defer { remove() }
        let writer = try Database(path: path)
        try writer.execute("CREATE TABLE t (a)")
        let reader = try Database(path: path)
        try reader.snapshot {
            #expect(try reader.integer("SELECT count(*) FROM t") == 0)
            try writer.execute("INSERT INTO t VALUES (1)")
            #expect(try reader.integer("SELECT count(*) FROM t") == 0)
        }
        #expect(try reader.integer("SELECT count(*) FROM t") == 1)
        #expect(try writer.checkpoint())
    }

    @Test("a failed sync is told apart from other disk errors")
    func syncFailed() {
        for (extended, kind) in [
            (1_034, SQLiteError.Kind.syncFailed), (1_290, .syncFailed), (778, .io), (10, .io),
        ] {
            let error = SQLiteError(extendedCode: Int32(extended), message: "", operation: "")
            #expect(error.kind == kind)
        }
    }
}
