import CShims
import Glibc

/// One open file descriptor, closed when its owner ends.
package struct Descriptor: ~Copyable {
    package let raw: Int32

    package init(owning raw: Int32) {
        self.raw = raw
    }

    deinit {
        close(raw)
    }

    /// Gives the descriptor to somebody who closes it.
    package consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    /// Whether a descriptor is open at all.
    package static func isOpen(_ raw: Int32) -> Bool {
        fcntl(raw, F_GETFD) >= 0
    }

    /// Both ends of a pipe, close-on-exec and non-blocking.
    package static func pipe() throws(SystemError) -> Pipe {
        var ends: [Int32] = [-1, -1]
        guard unsafe limn_pipe(&ends) == 0 else { throw .last("pipe2") }
        return Pipe(read: Descriptor(owning: ends[0]), write: Descriptor(owning: ends[1]))
    }

    /// Opens a file for appending, 0600, close-on-exec.
    package static func appending(_ path: String) throws(SystemError) -> Descriptor {
        let raw = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw .last("open", path) }
        return Descriptor(owning: raw)
    }

    /// Writes a text in one call; what cannot be written is dropped, since nobody could be told.
    package static func write(_ text: String, to raw: Int32) {
        let bytes = Array(text.utf8)
        unsafe Glibc.write(raw, bytes, bytes.count)
    }

    /// Waits until there is something to read or the other end is closed.
    package static func waitReadable(_ raw: Int32, timeout: Duration) -> Bool {
        var entry = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
        let limit = Int32(clamping: max(0, timeout.milliseconds))
        return unsafe poll(&entry, 1, limit) > 0
    }

    /// True when the other end of a pipe has been closed; reads away what was written.
    package static func isHungUp(_ raw: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64)
        while true {
            let got = unsafe Glibc.read(raw, &buffer, buffer.count)
            if got == 0 { return true }
            if got < 0 && errno != EINTR { return false }
        }
    }
}

/// A pipe; whoever holds the write end keeps the reader from seeing its end.
package struct Pipe: ~Copyable {
    package var read: Descriptor
    package var write: Descriptor

    init(read: consuming Descriptor, write: consuming Descriptor) {
        self.read = read
        self.write = write
    }

    /// Gives both descriptors to somebody who closes them.
    package consuming func release() -> (read: Int32, write: Int32) {
        (read.release(), write.release())
    }
}
