import Events

/// The event ids of producers that do not number their batches, for a window of time. Pure.
///
/// An id is remembered as 128 bits of hash. The ids of one eighth of the window make a generation,
/// which is forgotten as a whole: so an id is known for at least the window, and at most an eighth
/// longer. There is room for so many ids and no more: when it is used up the caller must refuse,
/// because to forget early would break the promise in silence. One key has a share of the room, so
/// that it uses up no other's.
struct EventIDMemory: Sendable {
    /// 128 bits of a keyed hash of producer and event id, which stand for them: without the key
    /// nobody can make an id that is taken for another's.
    struct ID: Hashable {
        var high: UInt64
        var low: UInt64

        init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        /// `key` is the producer's.
        init(_ key: HashKey, _ bytes: Span<UInt8>, _ range: Range<Int>) {
            (high, low) = key.digest(bytes, in: range)
        }

        /// As versions before made it, from a hash of the producer's name.
        init(unkeyed producer: UInt64, _ bytes: Span<UInt8>, _ range: Range<Int>) {
            high = XXH64.hash(bytes, in: range, seed: producer)
            low = XXH64.hash(bytes, in: range, seed: ~producer &* 0x9e37_79b9_7f4a_7c15)
        }

        // It is a keyed hash already.
        func hash(into hasher: inout Hasher) { hasher.combine(low) }
    }

    static let generationsPerWindow: Int64 = 8

    /// Ids that one key sent.
    struct Run: Equatable {
        var key: String
        var ids: [ID] = []
    }

    private struct Generation {
        var number: Int64
        var ids: Set<ID> = []
        /// Of a version before; after one window there are none.
        var unkeyed: Set<ID> = []
        /// How many of them each key sent.
        var counts: [String: Int] = [:]
    }

    /// Whose ids are looked at.
    struct Producer {
        /// Of the sender, which has a share of the room.
        let sender: String
        fileprivate let key: HashKey
        /// Nil unless ids of a version before are remembered.
        fileprivate let unkeyed: UInt64?
    }

    private let generationMs: Int64
    private let idsMax: Int
    private let key: HashKey
    /// Of one sender's key.
    private let shareMax: Int
    private var generations: [Generation] = []
    /// Ids of the group under way, by key; they count once it is on disk.
    private(set) var runs: [Run] = []
    private var pendingIDs: Set<ID> = []
    private(set) var count = 0

    /// `shareMax` is how many of the ids one sender's key may have, nil: all of them; `key` is the
    /// log's, under which ids are hashed.
    init(windowMs: Int64, idsMax: Int, shareMax: Int? = nil, key: HashKey = .open) {
        self.key = key
        self.shareMax = shareMax ?? idsMax
        generationMs = max(1, windowMs / Self.generationsPerWindow)
        self.idsMax = idsMax
    }

    /// How many more ids there is room for, whoever sends them.
    var room: Int { idsMax - count - pendingIDs.count }

    /// How many more ids there is room for that a key sends.
    func room(of key: String) -> Int {
        let own =
            generations.reduce(0) { $0 + ($1.counts[key] ?? 0) }
            + (runs.first { $0.key == key }?.ids.count ?? 0)
        return min(room, shareMax - own)
    }

    /// Whose ids come next: `range` is where the producer's name lies, `sender` the key it came by.
    func producer(_ bytes: Span<UInt8>, _ range: Range<Int>, of sender: String) -> Producer {
        let hasUnkeyed = generations.contains { !$0.unkeyed.isEmpty }
        return Producer(
            sender: sender, key: key.derived(from: bytes.extracting(range)),
            unkeyed: hasUnkeyed ? XXH64.hash(bytes, in: range) : nil)
    }

    /// True if the id at `range` is new for the producer; then it is remembered with the group
    /// under way.
    mutating func insert(
        _ bytes: Span<UInt8>, _ range: Range<Int>, of producer: Producer
    ) -> Bool {
        if let unkeyed = producer.unkeyed {
            let old = ID(unkeyed: unkeyed, bytes, range)
            if generations.contains(where: { $0.unkeyed.contains(old) }) { return false }
        }
        return insert(ID(producer.key, bytes, range), of: producer.sender)
    }

    /// True if the id is new; then it is remembered with the group under way.
    mutating func insert(_ id: ID, of key: String = "") -> Bool {
        if pendingIDs.contains(id) { return false }
        for generation in generations where generation.ids.contains(id) { return false }
        let place = runs.firstIndex { $0.key == key } ?? runs.count
        if place == runs.count { runs.append(Run(key: key)) }
        runs[place].ids.append(id)
        pendingIDs.insert(id)
        return true
    }

    /// The group is on disk: its ids are remembered from `now` on.
    mutating func commit(atMs now: Int64) {
        for run in runs {
            for id in run.ids { restore(id, of: run.key, atMs: now) }
        }
        drop()
    }

    /// The group was given up; its ids are free again.
    mutating func drop() {
        runs.removeAll(keepingCapacity: true)
        pendingIDs.removeAll(keepingCapacity: true)
    }

    /// Remembers an id that the log has. Rows come in the order of their times; those of a version
    /// before are not keyed.
    mutating func restore(
        _ id: ID, isKeyed: Bool = true, of key: String = "", atMs time: Int64
    ) {
        let number = Self.floored(time, generationMs)
        if generations.last?.number ?? .min < number {
            generations.append(Generation(number: number))
        }
        let last = generations.count - 1
        let isNew =
            isKeyed
            ? generations[last].ids.insert(id).inserted
            : generations[last].unkeyed.insert(id).inserted
        guard isNew else { return }
        generations[last].counts[key, default: 0] += 1
        count += 1
    }

    /// Forgets generations that lie behind the window.
    mutating func expire(atMs now: Int64) {
        let oldest = Self.floored(now, generationMs) - Self.generationsPerWindow
        while let first = generations.first, first.number < oldest {
            count -= first.ids.count + first.unkeyed.count
            generations.removeFirst()
        }
    }

    /// Rows of the log before this time are of no more use.
    func keptSinceMs(atMs now: Int64) -> Int64 {
        (Self.floored(now, generationMs) - Self.generationsPerWindow) * generationMs
    }

    private static func floored(_ value: Int64, _ step: Int64) -> Int64 {
        let quotient = value / step
        return value % step < 0 ? quotient - 1 : quotient
    }
}

/// The time by which ids are forgotten. The wall clock is asked only at the start, and only to move
/// on: whatever it does later, the time of this clock passes as the machine's does.
struct SteadyClock: Sendable {
    private let startMs: Int64
    private let startedMs: Int64

    /// - Parameters:
    ///   - lastMs: the newest time that the log has of this clock.
    ///   - wallMs: the wall clock now.
    ///   - monotonicMs: the machine's monotonic clock now.
    init(lastMs: Int64, wallMs: Int64, monotonicMs: Int64) {
        // What lies beyond the year 9999 is damage, and would overflow.
        startMs = min(max(lastMs, wallMs), 253_402_300_799_999)
        startedMs = monotonicMs
    }

    func nowMs(monotonicMs: Int64) -> Int64 { startMs + max(0, monotonicMs - startedMs) }
}
