import System

/// Whether a data folder is for its owner alone.
package enum FolderCheck {
    /// Everything below a folder, and itself, that group or others may reach.
    package static func wide(_ path: String) throws -> [String] {
        guard let access = try Files.reach(path) else { return [] }
        let own = access.kind != .other && access.isWide ? [path] : []
        guard access.kind == .folder else { return own }
        return try own + Files.list(path).flatMap { try wide("\(path)/\($0)") }
    }
}
