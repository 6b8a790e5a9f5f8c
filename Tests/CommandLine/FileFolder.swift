import System

/// A folder of files that goes with the value.
final class FileFolder {
    let path: String

    init(prefix: String) throws { path = try Files.makeTemporaryFolder(prefix: prefix) }

    deinit { try? Files.removeTree(path) }

    func write(_ name: String, _ text: String) throws -> String {
        try Files.writeAtomically("\(path)/\(name)", Array(text.utf8))
        return "\(path)/\(name)"
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Files.read("\(path)/\(name)"), as: UTF8.self)
    }
}
