import Foundation
import Glibc
import Synchronization
import System

/// Stands between a client and a server on a local socket and does to the bytes what a bad line
/// does. CURVE is end to end, so nothing here can read or forge a message.
package final class ByteProxy: Sendable {
    package enum Direction: Int, Sendable, CaseIterable { case toServer, toClient }

    private struct Trouble {
        var delayMs = [0, 0]
        var isStalled = [false, false]
        var isCut = false
        var flips = [0, 0]
        var isStopped = false
        /// The first bytes that a client sent on its newest connection.
        var recorded: [UInt8] = []
        var connections = 0
    }

    private static let recordedMax = 1 << 16
    private static let queuedMax = 8 << 20

    package let path: String
    private let target: String
    private let trouble = Mutex(Trouble())

    /// Listens at `path` for clients of the server at `target`.
    package init(path: String, target: String) throws {
        self.path = path
        self.target = target
        let listener = LocalSocket.listen(path)
        guard listener >= 0 else { throw HarnessFailure("cannot listen at \(path)") }
        Thread { [self] in run(listener) }.start()
    }

    package func delay(_ direction: Direction, ms: Int) {
        trouble.withLock { $0.delayMs[direction.rawValue] = ms }
    }
    package func stall(_ direction: Direction, _ isStalled: Bool) {
        trouble.withLock { $0.isStalled[direction.rawValue] = isStalled }
    }
    /// Closes every connection; what was on its way is lost.
    package func cut() { trouble.withLock { $0.isCut = true } }
    /// Changes one bit of the next bytes in this direction.
    package func flip(_ direction: Direction) {
        trouble.withLock { $0.flips[direction.rawValue] += 1 }
    }
    package func heal() {
        trouble.withLock {
            $0.delayMs = [0, 0]
            $0.isStalled = [false, false]
        }
    }
    package func stop() { trouble.withLock { $0.isStopped = true } }
    package var recorded: [UInt8] { trouble.withLock { $0.recorded } }
    package var connections: Int { trouble.withLock { $0.connections } }

    /// One way of one connection: what was read and may be written from a time on.
    private struct Way {
        var queue: [(at: Duration, bytes: ArraySlice<UInt8>)] = []
        var queued = 0
    }

    private struct Pair {
        let files: [Int32]
        var ways = [Way(), Way()]
        var recorded = 0
    }

    private func run(_ listener: Int32) {
        var pairs: [Pair] = []
        while true {
            let (isStopped, isCut) = trouble.withLock { trouble in
                defer { trouble.isCut = false }
                return (trouble.isStopped, trouble.isCut)
            }
            if isStopped || isCut {
                for pair in pairs { pair.files.forEach { close($0) } }
                pairs = []
            }
            if isStopped { break }
            waitForBytes(listener, pairs)
            acceptAll(listener, &pairs)
            var alive: [Pair] = []
            for var pair in pairs {
                if move(&pair) { alive.append(pair) } else { pair.files.forEach { close($0) } }
            }
            pairs = alive
        }
        close(listener)
        unlinkFile()
    }

    private func unlinkFile() { try? Files.remove(path) }

    private func waitForBytes(_ listener: Int32, _ pairs: [Pair]) {
        var entries = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        let isHeld = trouble.withLock { $0.isStalled[0] || $0.isStalled[1] }
        let isWaiting = pairs.contains { !$0.ways[0].queue.isEmpty || !$0.ways[1].queue.isEmpty }
        // A stalled way would be readable all the time.
        if !isHeld {
            for pair in pairs {
                entries += pair.files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            }
        }
        _ = unsafe poll(&entries, nfds_t(entries.count), isWaiting || isHeld ? 2 : 20)
    }

    private func acceptAll(_ listener: Int32, _ pairs: inout [Pair]) {
        while true {
            let client = LocalSocket.accept(listener)
            guard client >= 0 else { return }
            let server = LocalSocket.connect(target)
            guard server >= 0 else {
                close(client)
                continue
            }
            trouble.withLock {
                $0.recorded = []
                $0.connections += 1
            }
            pairs.append(Pair(files: [client, server]))
        }
    }

    /// Reads, waits, writes; false when one side is gone.
    private func move(_ pair: inout Pair) -> Bool {
        for direction in Direction.allCases {
            let way = direction.rawValue
            let (delay, isStalled) = trouble.withLock { ($0.delayMs[way], $0.isStalled[way]) }
            if isStalled { continue }
            if pair.ways[way].queued < Self.queuedMax {
                guard var bytes = LocalSocket.read(pair.files[way]) else { return false }
                if !bytes.isEmpty {
                    spoil(&bytes, direction, &pair)
                    pair.ways[way].queued += bytes.count
                    pair.ways[way].queue.append(
                        (Clock.monotonic() + .milliseconds(delay), bytes[...]))
                }
            }
            guard write(&pair.ways[way], to: pair.files[1 - way]) else { return false }
        }
        return true
    }

    private func spoil(_ bytes: inout [UInt8], _ direction: Direction, _ pair: inout Pair) {
        let count = bytes.count
        trouble.withLock { trouble in
            if trouble.flips[direction.rawValue] > 0 {
                trouble.flips[direction.rawValue] -= 1
                bytes[count / 2] ^= 0x10
            }
            if direction == .toServer, pair.recorded < Self.recordedMax {
                pair.recorded += count
                trouble.recorded += bytes
            }
        }
    }

    private func write(_ way: inout Way, to file: Int32) -> Bool {
        let now = Clock.monotonic()
        while let first = way.queue.first, first.at <= now {
            let sent = LocalSocket.write(file, first.bytes)
            if sent < 0 { return false }
            way.queued -= sent
            if sent < first.bytes.count {
                way.queue[0].bytes = first.bytes.dropFirst(sent)
                return true
            }
            way.queue.removeFirst()
        }
        return true
    }
}
