import System

/// The file of a model that somebody fits by hand, beside those that the trainer announces.
struct FittedFile {
    let path: String
    /// When it was written; nil while there is none.
    private var changedNs: Int64?

    init(_ path: String) { self.path = path }

    /// Whether it was written or removed since the last question. The first finds it new if it is
    /// there.
    mutating func hasChanged() -> Bool {
        let now = try? Files.changedNs(path)
        defer { changedNs = now }
        return now != changedNs
    }

    /// What is in it; nil when it was not there at the last question.
    func bytes() throws -> [UInt8]? { try changedNs.map { _ in try Files.read(path) } }
}
