import CShims
import Glibc

/// Holds a folder for one process until it ends, however it ends.
package struct FolderLock: ~Copyable {
    /// Why the folder could not be held.
    package enum Failure: Error, Equatable {
        /// Another process holds it; `by` is the note that one left.
        case held(by: String)
        case system(SystemError)
    }

    private let file: Descriptor

    /// Locks the file `path` (made when missing). Alone, it writes the note into it; shared, any
    /// number hold it and nobody alone.
    package init(_ path: String, note: String, isShared: Bool = false) throws(Failure) {
        let raw = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw .system(.last("open", path)) }
        let failure = isShared ? limn_try_lock_shared(raw) : limn_try_lock(raw)
        guard failure == 0 else {
            close(raw)
            guard failure == EWOULDBLOCK else {
                throw .system(SystemError(call: "flock", code: failure, path: path))
            }
            let holder = (try? Files.readText(path, bytesMax: 4096)) ?? ""
            throw .held(by: holder.isEmpty ? "another process" : holder)
        }
        if !isShared {
            let bytes = Array(note.utf8)
            ftruncate(raw, 0)
            unsafe pwrite(raw, bytes, bytes.count, 0)
        }
        file = Descriptor(owning: raw)
    }

    /// Whether a process holds the lock file `path` alone, without making or keeping anything; nil
    /// where that cannot be told. For a moment the file is held shared, so whoever wants it alone
    /// must try more than once.
    package static func isHeld(_ path: String) -> Bool? {
        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return errno == ENOENT ? false : nil }
        defer { close(raw) }
        switch limn_try_lock_shared(raw) {
        case 0: return false
        case EWOULDBLOCK: return true
        default: return nil
        }
    }
}
