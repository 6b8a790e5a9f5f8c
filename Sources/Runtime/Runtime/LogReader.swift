package import Messages
package import ZeroMQ

/// Pulls a stream of records from the role that serves it: one fetch open at a time, asked again
/// when the answer does not come. A lost answer costs time and nothing else.
package struct LogReader: ~Copyable {
    private let socket: Socket
    private let endpoint: String
    private var watch = LineWatch()
    private let stream: LogStream
    /// How much an answer may bring.
    package var creditBytes: Int
    private var positions: [UInt32: UInt64]
    private var ends: [UInt32: UInt64] = [:]
    /// What the reader has made durable, for the server to know; empty if it keeps nothing.
    package var committed: [Position] = []
    private var reported: [Position] = []
    private var requestID: UInt64 = 0
    private var askedAt: Duration?
    // Partitions of the open fetch whose answer is still wanted.
    private var asked: Set<UInt32> = []
    private var isPartlyWanted = false
    private var answeredAt: Duration?
    // The next answer is wanted at once, even if nothing is there: it says where the ends are.
    private var isPrompt = true
    /// The server that answered before may have been replaced: whoever has read from it must see
    /// whether what it serves is still the same.
    package private(set) var isInDoubt = false
    /// Goes on with the first record that is kept where earlier ones were removed; otherwise that
    /// is refused like anything else.
    package var followsFirst = false
    private static let waitMs: UInt32 = 1000
    private static let patience: Duration = .seconds(3)
    /// What a server said longer ago than this is no work that could be done now.
    private static let freshness: Duration = .seconds(5)
    private static let refusalPause: Duration = .milliseconds(100)
    /// At the tail a fetch stays open for long, so news of commits does not wait for its answer.
    private static let reportAfter: Duration = .milliseconds(100)

    /// Connects to `endpoint`; the first ``tick(at:)`` asks.
    package init(
        _ stream: LogStream, environment: RoleEnvironment, role: SocketRole, endpoint: String,
        positions: [Position], creditBytes: Int
    ) throws {
        self.stream = stream
        self.endpoint = endpoint
        self.creditBytes = creditBytes
        self.positions = Dictionary(
            uniqueKeysWithValues: positions.map { ($0.partition, $0.offset) })
        socket = try environment.connect(role, endpoint)
    }

    package var pollToken: PollToken { socket.pollToken }

    /// Records known to wait at the server, as of its last answer.
    package var lag: UInt64 {
        positions.reduce(0) { sum, entry in
            let end = ends[entry.key] ?? 0
            return sum + (end > entry.value ? end - entry.value : 0)
        }
    }

    /// The lag as long as the server answers: what waits at one that is gone is nobody's work here.
    package func reachableLag(at now: Duration) -> UInt64 {
        guard let answeredAt, now - answeredAt <= Self.freshness else { return 0 }
        return lag
    }

    /// Next offset wanted, per partition.
    package var offsets: [UInt32: UInt64] { positions }

    /// True once the server has said where every partition ends and everything before is here.
    package var isCaughtUp: Bool { positions.keys.allSatisfy { ends[$0] != nil } && lag == 0 }

    /// Forgets the open fetch and goes on from `positions` at the next tick.
    package mutating func restart(from positions: [Position]) {
        self.positions = Dictionary(
            uniqueKeysWithValues: positions.map { ($0.partition, $0.offset) })
        ends = ends.filter { self.positions[$0.key] != nil }
        askedAt = nil
        requestID += 1
        isPrompt = true
    }

    /// Other partitions from now on. Those that stay go on where they are; others, and those of
    /// `anew`, begin where `wanted` says. What still comes for the rest is dropped.
    package mutating func follow(
        _ wanted: [Position], anew: Set<Int> = [], at now: Duration
    ) throws(ZeroMQError) {
        let isIdle = lag == 0
        var next: [UInt32: UInt64] = [:]
        for position in wanted {
            let partition = position.partition
            let here = anew.contains(Int(partition)) ? nil : positions[partition]
            next[partition] = here ?? position.offset
            if here == nil {
                isPrompt = true
                asked.remove(partition)
            }
        }
        asked.formIntersection(next.keys)
        isPartlyWanted = true
        positions = next
        ends = ends.filter { next[$0.key] != nil }
        // While answers stream in, the next question is near; at the tail it may be a second away.
        if isPrompt && (isIdle || askedAt == nil) && !positions.isEmpty { try ask(at: now) }
    }

    /// Asks if nothing is asked, or asks again if the answer is overdue.
    package mutating func tick(at now: Duration) throws(ZeroMQError) {
        // One fetch fills no queue: not writable means that the connection it went out on is lost.
        if askedAt != nil && !socket.waitWritable(milliseconds: 0) { askedAt = nil }
        guard !positions.isEmpty else { return }
        if let askedAt, now - askedAt < Self.patience {
            let hasNews = committed != reported && isCaughtUp
            guard hasNews, now - askedAt >= Self.reportAfter else { return }
        } else {
            // The server may be another process by now, which knows of no commit.
            reported = []
            if answeredAt != nil { isInDoubt = true }
        }
        try ask(at: now)
    }

    /// The doubt is settled.
    package mutating func trust() { isInDoubt = false }

    private mutating func ask(at now: Duration) throws(ZeroMQError) {
        requestID += 1
        asked = Set(positions.keys)
        isPartlyWanted = false
        var fetch = Fetch()
        fetch.stream = stream
        fetch.creditBytes = UInt32(creditBytes)
        fetch.waitMs = isPrompt ? 0 : Self.waitMs
        for (partition, offset) in positions.sorted(by: { $0.key < $1.key }) {
            var position = Position()
            position.partition = partition
            position.offset = offset
            fetch.positions.append(position)
        }
        if committed != reported { fetch.committed = committed }
        let header = Header(kind: .fetch, requestID: requestID)
        do {
            try socket.send(Frame.encode(header, body: fetch))
            askedAt = now
            reported = committed
            watch.noteSent()
            isPrompt = false
        } catch {
            // Not connected yet: the next tick tries again.
            guard case .again = error.reason else { throw error }
            askedAt = nil
            if watch.noteBlocked(at: now) { try socket.renew(endpoint) }
        }
    }

    /// The answer to the open fetch, if it has come; the next fetch is sent before it is returned.
    ///
    /// Blocks may begin before the offset asked for; whoever applies them skips what it has.
    package mutating func receive(at now: Duration) throws -> Fetched? {
        while let message = try socket.receive() {
            let (header, body) = try Frame.decode(message.bytes)
            guard header.requestID == requestID else { continue }
            guard header.kind == .fetched else {
                let refusal = try Frame.decode(
                    ErrorReply.self, message.bytes, body: body, header: header)
                if refusal.code == .offsetOutOfRange, followsFirst,
                    let here = positions[refusal.partition], refusal.firstOffset > here
                {
                    positions[refusal.partition] = refusal.firstOffset
                    try ask(at: now)
                    continue
                }
                // Asked again after a while.
                askedAt = now - Self.patience + Self.refusalPause
                throw LogReaderFailure.refused(refusal.code, refusal.message)
            }
            var fetched = try Frame.decode(
                Fetched.self, message.bytes, body: body, header: header)
            if isPartlyWanted {
                let asked = asked
                fetched.blocks.removeAll { !asked.contains($0.partition) }
                fetched.ends.removeAll { !asked.contains($0.partition) }
            }
            for block in fetched.blocks {
                let (end, isOver) = block.firstOffset.addingReportingOverflow(UInt64(block.count))
                guard !isOver else { throw DecodeError.numberUnknown }
                if end > positions[block.partition] ?? 0 { positions[block.partition] = end }
            }
            answeredAt = now
            for end in fetched.ends { ends[end.partition] = end.offset }
            try ask(at: now)
            return fetched
        }
        return nil
    }
}

package enum LogReaderFailure: Error, Equatable {
    case refused(ErrorCode, String)
}
