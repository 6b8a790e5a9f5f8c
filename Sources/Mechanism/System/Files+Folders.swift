import Glibc

/// What a file is to the system.
package struct FileIdentity: Sendable, Equatable {
    let device: UInt64
    let number: UInt64
}

extension Files {
    /// True when something is at the path.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// True when this process may write there.
    package static func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

    /// True when a folder is at the path.
    package static func isFolder(_ path: String) -> Bool {
        guard let facts = try? facts(path) else { return false }
        return facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Permission bits, such as 0o600.
    package static func mode(_ path: String) throws(SystemError) -> UInt32 {
        try facts(path).st_mode & 0o7777
    }

    /// The user id of the owner.
    package static func owner(_ path: String) throws(SystemError) -> UInt32 {
        try facts(path).st_uid
    }

    /// The user id this process acts as.
    package static func currentOwner() -> UInt32 { geteuid() }

    /// Bytes of a file.
    package static func size(_ path: String) throws(SystemError) -> Int {
        Int(try facts(path).st_size)
    }

    /// When a file was last written, in nanoseconds since 1970; a file that replaced another is as
    /// new as its content.
    package static func changedNs(_ path: String) throws(SystemError) -> Int64 {
        let time = try facts(path).st_mtim
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Which file lies at a path, whatever it is called; nil where there is none. Another file that
    /// was put in its place has another identity.
    package static func identity(_ path: String) -> FileIdentity? {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        return FileIdentity(device: UInt64(facts.st_dev), number: UInt64(facts.st_ino))
    }

    /// Makes a folder and what is missing above it; one that exists is left as it is.
    package static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
        if isFolder(path) { return }
        let above = parent(of: path)
        if above != path && !exists(above) { try makeFolder(above, mode: mode) }
        guard unsafe mkdir(path, mode) == 0 || (errno == EEXIST && isFolder(path)) else {
            throw .last("mkdir", path)
        }
    }

    /// Names in a folder, sorted.
    package static func list(_ folder: String) throws(SystemError) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw .last("opendir", folder) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes one file or empty folder; one that is not there is fine.
    package static func remove(_ path: String) throws(SystemError) {
        guard unsafe Glibc.remove(path) == 0 || errno == ENOENT else { throw .last("remove", path) }
    }

    /// Removes a folder with everything in it; links are removed, not followed.
    package static func removeTree(_ path: String) throws(SystemError) {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else { return }
        if facts.st_mode & S_IFMT == S_IFDIR {
            for name in try list(path) { try removeTree("\(path)/\(name)") }
        }
        try remove(path)
    }

    /// A new folder, 0700, under `$TMPDIR` or `/tmp`.
    package static func makeTemporaryFolder(prefix: String) throws(SystemError) -> String {
        let base = Environment.variable("TMPDIR") ?? "/tmp"
        let path = "\(base)/\(prefix)-\(String(Entropy.uint64(), radix: 36))"
        guard unsafe mkdir(path, 0o700) == 0 else { throw .last("mkdir", path) }
        return path
    }

    /// Free bytes of the file system that holds the path, as an ordinary user sees them.
    package static func freeBytes(_ path: String) throws(SystemError) -> UInt64 {
        var facts = statvfs()
        guard unsafe statvfs(path, &facts) == 0 else { throw .last("statvfs", path) }
        return UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
    }

    private static func facts(_ path: String) throws(SystemError) -> stat {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { throw .last("stat", path) }
        return facts
    }
}
