import Glibc
import Synchronization

/// The file behind standard error, put aside while it is written when it has become large, so that
/// a process that never ends fills no disk. The process itself turns it: what it says last, even
/// when it crashes, goes straight to the file, and no other process has to live for that.
package final class TurningFile: Sendable {
    private let path: String
    private let bytesMax: Int
    private let filesMax: Int
    private let lock = Mutex(0)

    /// Nil unless standard error is that file. `filesMax` counts the one being written; the others
    /// are `.1`, the newest, to `.filesMax - 1`.
    package init?(path: String, bytesMax: Int, filesMax: Int) {
        guard Self.same(2, path) else { return nil }
        self.path = path
        self.bytesMax = bytesMax
        self.filesMax = max(2, filesMax)
    }

    /// Writes whole lines in one call, into a new file if the old one would grow too large.
    package func write(_ text: String) {
        lock.withLock { tried in
            var facts = stat()
            let isKnown = unsafe fstat(2, &facts) == 0
            let size = Int(facts.st_size) + text.utf8.count
            // After a failure it is tried again once as much has come as one file holds.
            if isKnown, size > bytesMax, facts.st_size > 0, size - tried > bytesMax || tried == 0 {
                tried = turn() ? 0 : size
            }
            Descriptor.write(text, to: 2)
        }
    }

    private func turn() -> Bool {
        // Somebody else may have turned it.
        if Self.same(2, path), !Self.putAside(path, filesMax: filesMax) { return false }
        let fresh = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard fresh >= 0 else { return false }
        defer { close(fresh) }
        let isOutputToo = Self.same(1, 2)
        guard dup2(fresh, 2) == 2 else { return false }
        return !isOutputToo || dup2(fresh, 1) == 1
    }

    /// Makes room for a new file at a path: the oldest of the older ones goes.
    package static func putAside(_ path: String, filesMax: Int) -> Bool {
        for number in stride(from: max(2, filesMax) - 1, to: 1, by: -1) {
            unsafe rename("\(path).\(number - 1)", "\(path).\(number)")
        }
        return unsafe rename(path, "\(path).1") == 0
    }

    private static func same(_ descriptor: Int32, _ path: String) -> Bool {
        var open = stat()
        var there = stat()
        return unsafe fstat(descriptor, &open) == 0 && stat(path, &there) == 0
            && open.st_dev == there.st_dev && open.st_ino == there.st_ino
    }

    private static func same(_ one: Int32, _ other: Int32) -> Bool {
        var first = stat()
        var second = stat()
        return unsafe fstat(one, &first) == 0 && fstat(other, &second) == 0
            && first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}

extension Files {
    /// The last bytes of a file, at most so many; all of a smaller one.
    package static func readEnd(_ path: String, bytes: Int) throws(SystemError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last("open", path) }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        guard size >= 0 else { throw .last("lseek", path) }
        var buffer = [UInt8](repeating: 0, count: min(bytes, Int(size)))
        let got = unsafe pread(file, &buffer, buffer.count, size - off_t(buffer.count))
        guard got >= 0 else { throw .last("pread", path) }
        return Array(buffer.prefix(got))
    }
}
