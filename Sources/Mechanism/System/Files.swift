import Glibc

/// Files and folders, whole and blocking, with errors that say which call and path.
package enum Files {
    /// The bytes of a file; `EFBIG` when it is larger than the limit.
    package static func read(
        _ path: String, bytesMax: Int = 1 << 30
    ) throws(SystemError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last("open", path) }
        defer { close(file) }
        var facts = stat()
        guard unsafe fstat(file, &facts) == 0 else { throw .last("fstat", path) }
        guard Int(facts.st_size) <= bytesMax else {
            throw SystemError(call: "read", code: EFBIG, path: path)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(facts.st_size))
        var chunk = [UInt8](repeating: 0, count: min(max(Int(facts.st_size), 4096), 1 << 20))
        while true {
            let got = unsafe Glibc.read(file, &chunk, chunk.count)
            if got < 0 && errno == EINTR { continue }
            if got < 0 { throw .last("read", path) }
            if got == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<got])
            // Files under /proc have size 0, so the limit is checked again while reading.
            if bytes.count > bytesMax {
                throw SystemError(call: "read", code: EFBIG, path: path)
            }
        }
    }

    /// The text of a file; bytes that are not UTF-8 become replacement characters.
    package static func readText(
        _ path: String, bytesMax: Int = 1 << 30
    ) throws(SystemError) -> String {
        String(decoding: try read(path, bytesMax: bytesMax), as: UTF8.self)
    }

    /// Replaces a file so that after a crash either the old or the new content is there, whole.
    package static func writeAtomically(
        _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600
    ) throws(SystemError) {
        let temporary = "\(path).\(getpid()).\(String(Entropy.uint64(), radix: 36)).tmp"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw .last("open", temporary) }
        do throws(SystemError) {
            defer { close(file) }
            try writeAll(file, bytes, temporary)
            // The mode of open is cut by the umask; keys must be exactly 0600.
            guard fchmod(file, mode) == 0 else { throw .last("fchmod", temporary) }
            guard fsync(file) == 0 else { throw .last("fsync", temporary) }
            try rename(temporary, path)
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        try syncFolder(parent(of: path))
    }

    /// Makes a file, whole and durable on return, unless there is one of the name: of several that
    /// try at the same time one does it.
    ///
    /// - Returns: whether this call made it.
    package static func writeNew(
        _ path: String, _ bytes: [UInt8], mode: UInt32
    ) throws(SystemError) -> Bool {
        let temporary = "\(path).\(getpid()).\(String(Entropy.uint64(), radix: 36)).tmp"
        try writeAtomically(temporary, bytes, mode: mode)
        defer { unsafe unlink(temporary) }
        guard unsafe link(temporary, path) == 0 else {
            let failure = SystemError.last("link", path)
            if failure.code == EEXIST { return false }
            throw failure
        }
        try syncFolder(parent(of: path))
        return true
    }

    /// Copies a file, durable on return; the target must not be there yet.
    package static func copy(
        _ from: String, to path: String, mode: UInt32 = 0o600
    ) throws(SystemError) {
        let source = unsafe open(from, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .last("open", from) }
        defer { close(source) }
        let target = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard target >= 0 else { throw .last("open", path) }
        defer { close(target) }
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = unsafe Glibc.read(source, &chunk, chunk.count)
            if got < 0 && errno == EINTR { continue }
            if got < 0 { throw .last("read", from) }
            if got == 0 { break }
            try writeAll(target, Array(chunk[..<got]), path)
        }
        guard fsync(target) == 0 else { throw .last("fsync", path) }
    }

    /// Renames within one file system, replacing what was there.
    package static func rename(_ from: String, _ to: String) throws(SystemError) {
        guard unsafe Glibc.rename(from, to) == 0 else { throw .last("rename", to) }
    }

    /// Makes what was written to a file durable.
    package static func sync(_ path: String) throws(SystemError) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last("open", path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw .last("fsync", path) }
    }

    /// Makes the folder's list of names durable.
    package static func syncFolder(_ path: String) throws(SystemError) {
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .last("open", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .last("fsync", path) }
    }

    /// The folder a path lies in.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path without `.`, `..` or a relative beginning; nothing on disk is looked at.
    package static func absolute(_ path: String) -> String {
        let full = path.hasPrefix("/") ? path : "\(currentFolder())/\(path)"
        var parts: [Substring] = []
        for part in full.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func currentFolder() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard unsafe getcwd(&buffer, buffer.count) != nil else { return "/" }
        return string(buffer)
    }

    /// The text before the first zero of a C buffer.
    static func string(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func writeAll(
        _ file: Int32, _ bytes: [UInt8], _ path: String
    ) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let wrote = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    file, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if wrote < 0 && errno == EINTR { continue }
            guard wrote > 0 else { throw .last("write", path) }
            done += wrote
        }
    }
}
