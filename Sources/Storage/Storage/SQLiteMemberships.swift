import SQLite

/// Who is in which audience as told last, in a small file: so that what changes while nobody keeps
/// the audiences is told afterwards.
///
/// `synchronous=NORMAL`: a killed process forgets nothing; after a power cut the newest changes may
/// be told once more.
package final class SQLiteMemberships {
    static let format = 1

    /// A user who is in an audience.
    package struct Member: Sendable, Equatable {
        package var tag: String
        package var userID: String

        package init(tag: String, userID: String) {
            self.tag = tag
            self.userID = userID
        }
    }

    private let database: Database
    private let put: Statement
    private let take: Statement
    private let page: Statement
    private let putMoment: Statement
    private let ids: [String: Int64]
    private let names: [Int64: String]
    /// Tags of which everybody was told.
    package private(set) var whole: Set<String> = []
    /// The moment in event time that conditions were judged at when something was noted last.
    package private(set) var asOfMs: Int64

    /// Opens or makes the file. Other tags than these are forgotten, and members of those that were
    /// never whole.
    package init(path: String, tags: [String]) throws(StorageError) {
        do {
            var options = DatabaseOptions()
            options.synchronous = .normal
            let database = try Database(path: path, options: options)
            try Schema.prepare(database, format: Self.format, readOnly: false, tables: tables)
            self.database = database
            (ids, whole) = try database.transaction { try Self.declare(tags, in: database) }
            names = Dictionary(ids.map { ($0.value, $0.key) }, uniquingKeysWith: { $1 })
            asOfMs = try database.integer("SELECT as_of_ms FROM moment") ?? 0
            putMoment = try database.prepare(
                "INSERT INTO moment VALUES (1, ?) ON CONFLICT DO UPDATE SET as_of_ms = ?1")
            put = try database.prepare("INSERT OR IGNORE INTO members VALUES (?, ?)")
            take = try database.prepare("DELETE FROM members WHERE tag = ? AND user = ?")
            page = try database.prepare(
                """
                SELECT tag, user FROM members WHERE (tag, user) > (?, ?)
                ORDER BY tag, user LIMIT ?
                """)
        } catch {
            throw StorageError(error)
        }
    }

    private static func declare(
        _ tags: [String], in database: Database
    ) throws -> ([String: Int64], Set<String>) {
        let forgotten = try database.prepare("SELECT id, name, whole FROM tags")
        var gone: [Int64] = []
        var ids: [String: Int64] = [:]
        var whole: Set<String> = []
        while try forgotten.step() {
            let (id, name) = (forgotten.int64(0), forgotten.text(1))
            if tags.contains(name), forgotten.int(2) == 1 {
                ids[name] = id
                whole.insert(name)
            } else {
                gone.append(id)
            }
        }
        for id in gone {
            try database.execute("DELETE FROM members WHERE tag = \(id)")
            try database.execute("DELETE FROM tags WHERE id = \(id)")
        }
        let add = try database.prepare(
            "INSERT INTO tags (name, whole) VALUES (?, 0) RETURNING id")
        for name in tags where ids[name] == nil {
            try add.bind(name, at: 1)
            guard try add.step() else { continue }
            ids[name] = add.int64(0)
            add.reset()
        }
        return (ids, whole)
    }

    /// The next members in the order of the file; none at its end.
    package func read(after last: Member?, limit: Int) throws(StorageError) -> [Member] {
        try storing {
            try page.bind(last.flatMap { ids[$0.tag] } ?? 0, at: 1)
            try page.bind(last?.userID ?? "", at: 2)
            try page.bind(limit, at: 3)
            defer { page.reset() }
            var members: [Member] = []
            while try page.step() {
                guard let tag = names[page.int64(0)] else { continue }
                members.append(Member(tag: tag, userID: page.text(1)))
            }
            return members
        }
    }

    /// Notes who joined and who left, judged at that moment: all of it or nothing.
    package func note(
        joined: [Member], left: [Member], asOfMs: Int64
    ) throws(StorageError) {
        try storing {
            try database.transaction {
                try putMoment.bind(asOfMs, at: 1)
                try putMoment.run()
                for (members, statement) in [(joined, put), (left, take)] {
                    for member in members {
                        guard let id = ids[member.tag] else { continue }
                        try statement.bind(id, at: 1)
                        try statement.bind(member.userID, at: 2)
                        try statement.run()
                    }
                }
            }
        }
        self.asOfMs = asOfMs
    }

    /// Everybody in the audiences was told.
    package func noteWhole() throws(StorageError) {
        try storing { try database.execute("UPDATE tags SET whole = 1") }
        whole = Set(ids.keys)
    }
}

private let tables = """
    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT UNIQUE, whole INTEGER);
    CREATE TABLE moment (id INTEGER PRIMARY KEY, as_of_ms INTEGER);
    CREATE TABLE members (tag INTEGER, user TEXT, PRIMARY KEY (tag, user)) WITHOUT ROWID;
    """
