import Glibc

/// Who may reach a file or folder.
package struct FileAccess: Sendable, Equatable {
    package enum Kind: Sendable { case file, folder, other }

    package let kind: Kind
    /// Permission bits, such as 0o600.
    package let mode: UInt32
    /// The user id of the owner.
    package let owner: UInt32

    /// Whether group or others may do anything at all.
    package var isWide: Bool { mode & 0o077 != 0 }
    /// Whether group or others may write.
    package var isWritableByOthers: Bool { mode & 0o022 != 0 }
    package var isOwn: Bool { owner == Files.currentOwner() }
}

extension Files {
    /// What is at a path, links not followed; nil if nothing is.
    package static func reach(_ path: String) throws(SystemError) -> FileAccess? {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else {
            if errno == ENOENT { return nil }
            throw .last("lstat", path)
        }
        let kind: FileAccess.Kind =
            switch facts.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        return FileAccess(kind: kind, mode: facts.st_mode & 0o7777, owner: facts.st_uid)
    }

    /// Takes from group and others whatever they may do with a file or folder. False if there was
    /// nothing to take; links are left alone, and so is what is not ours to change.
    package static func makePrivate(_ path: String) throws(SystemError) -> Bool {
        guard let access = try reach(path), access.kind != .other, access.isWide, access.isOwn
        else { return false }
        guard unsafe chmod(path, access.mode & 0o7700) == 0 else { throw .last("chmod", path) }
        return true
    }
}

extension Environment {
    /// What this process makes from now on only its user may reach.
    package static func makeNewFilesPrivate() { umask(0o077) }
}
