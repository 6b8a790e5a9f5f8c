import CShims
import Glibc

/// Says what a process was at when it died, however it died: a page of a file that the process
/// shares with the kernel. To mark costs one store and no system call; the page outlives the
/// process, though not the machine.
///
/// Belongs to one thread. One process at a time may use a file.
@safe package final class CrashMarker {
    /// Where a process was: two numbers that it chose when it entered, and the step it was at.
    package struct Place: Sendable, Hashable {
        package var first: UInt64
        package var second: UInt64
        package var step: UInt64

        package init(first: UInt64, second: UInt64, step: UInt64) {
            self.first = first
            self.second = second
            self.step = step
        }
    }

    /// Where the process before was when it died; nil if it was at nothing.
    package let found: Place?
    private let words: UnsafeMutablePointer<UInt64>

    private static let bytes = 4096
    private static let magic: UInt64 = 0x4c69_6d6e_4d61_726b
    /// No step: nothing is under way.
    private static let idle = UInt64.max

    /// Opens or makes the file and takes over from the process before.
    package init(_ path: String) throws(SystemError) {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .last("open", path) }
        defer { close(file) }
        // Room is asked for now: to write to a mapped page of a full disk would kill.
        let failure = posix_fallocate(file, 0, off_t(Self.bytes))
        guard failure == 0 else {
            throw SystemError(call: "posix_fallocate", code: failure, path: path)
        }
        let map = unsafe mmap(
            nil, Self.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        guard let start = unsafe map, unsafe start != MAP_FAILED else {
            throw .last("mmap", path)
        }
        unsafe words = start.bindMemory(to: UInt64.self, capacity: Self.bytes / 8)
        let isValid = unsafe words[0] == Self.magic && words[3] != Self.idle
        unsafe found =
            isValid ? Place(first: words[1], second: words[2], step: words[3]) : nil
        unsafe limn_mark(words + 3, Self.idle)
        unsafe limn_mark(words, Self.magic)
    }

    deinit {
        unsafe munmap(words, Self.bytes)
    }

    /// Says what the steps to come belong to; nothing is under way yet.
    package func enter(_ first: UInt64, _ second: UInt64 = 0) {
        unsafe limn_mark(words + 3, Self.idle)
        unsafe limn_mark(words + 1, first)
        unsafe limn_mark(words + 2, second)
    }

    /// A step begins.
    @inline(__always)
    package func at(_ step: UInt64) {
        unsafe limn_mark(words + 3, step)
    }

    /// Nothing is under way any more.
    package func leave() {
        unsafe limn_mark(words + 3, Self.idle)
    }
}
