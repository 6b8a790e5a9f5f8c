import Events

/// The event ids of producers that do not number their batches, for a window of time. Pure.
///
/// An id is remembered as 128 bits of hash. The ids of one eighth of the window make a generation,
/// which is forgotten as a whole: so an id is known for at least the window, and at most an eighth
/// longer. There is room for so many ids and no more: when it is used up the caller must refuse,
/// because to forget early would break the promise in silence. One key has a share of the room, so
/// that it uses up no other's.
struct EventIDMemory: Sendable {
    /// Two independent 64-bit hashes of producer and event id.
    struct ID: Hashable {
        var high: UInt64
        var low: UInt64

        init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        /// `producer` is the hash of its name.
        init(producer: UInt64, _ bytes: Span<UInt8>, _ range: Range<Int>) {
            high = XXH64.hash(bytes, in: range, seed: producer)
            low = XXH64.hash(bytes, in: range, seed: ~producer &* 0x9e37_79b9_7f4a_7c15)
        }

        // It is a hash already.
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
        /// How many of them each key sent.
        var counts: [String: Int] = [:]
    }

    private let generationMs: Int64
    private let idsMax: Int
    /// Of one key.
    private let shareMax: Int
    private var generations: [Generation] = []
    /// Ids of the group under way, by key; they count once it is on disk.
    private(set) var runs: [Run] = []
    private var pendingIDs: Set<ID> = []
    private(set) var count = 0

    /// `shareMax` is how many of the ids one key may have; nil: all of them.
    init(windowMs: Int64, idsMax: Int, shareMax: Int? = nil) {
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

    /// Remembers an id that the log has. Rows come in the order of their times.
    mutating func restore(_ id: ID, of key: String = "", atMs time: Int64) {
        let number = Self.floored(time, generationMs)
        if generations.last?.number ?? .min < number {
            generations.append(Generation(number: number))
        }
        let last = generations.count - 1
        guard generations[last].ids.insert(id).inserted else { return }
        generations[last].counts[key, default: 0] += 1
        count += 1
    }

    /// Forgets generations that lie behind the window.
    mutating func expire(atMs now: Int64) {
        let oldest = Self.floored(now, generationMs) - Self.generationsPerWindow
        while let first = generations.first, first.number < oldest {
            count -= first.ids.count
            generations.removeFirst()
        }
    }

    /// Rows of the log before this time are of no more use.
    func keptSinceMs(atMs now: Int64) -> Int64 {
        (Self.floored(now, generationMs) - Self.generationsPerWindow) * generationMs
    }

    private static func floored(_ value: Int64, _ step: Int64) -> Int64 {
        value >= 0 ? value / step : -((-value + step - 1) / step)
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
        startMs = max(lastMs, wallMs)
        startedMs = monotonicMs
    }

    func nowMs(monotonicMs: Int64) -> Int64 { startMs + max(0, monotonicMs - startedMs) }
}
