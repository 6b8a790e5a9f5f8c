/// The kinds of event that windows count apart; all others count as events only.
package enum Counted: Int, CaseIterable, Sendable {
    case view, click, search, favourite, cart, purchase, refund, impression
}

/// What one event adds to a bucket.
package struct TileEntry {
    /// Nil for kinds that are not counted apart.
    package var kind: Counted?
    /// Money, in the shop's currency.
    package var spend: Float = 0
    package var refunded: Float = 0
    package var discount: Float = 0
    package var beginsSession = false

    package init(
        kind: Counted?, spend: Float = 0, refunded: Float = 0, discount: Float = 0,
        beginsSession: Bool = false
    ) {
        self.kind = kind
        self.spend = spend
        self.refunded = refunded
        self.discount = discount
        self.beginsSession = beginsSession
    }
}

/// Counts of one bucket of time.
///
/// Counts are two SIMD4 and not one SIMD8, which would be aligned to 16 and take more room.
package struct Tile: Sendable, Equatable {
    /// Bucket number: event time divided by the bucket's length.
    package var bucket: Int32
    /// Money of purchases, in the shop's currency.
    package var spend: Float = 0
    package var refunded: Float = 0
    package var discount: Float = 0
    private var low: SIMD4<UInt16> = .zero
    private var high: SIMD4<UInt16> = .zero
    /// Events of every kind.
    package var events: UInt16 = 0
    /// Sessions begun.
    package var sessions: UInt16 = 0

    package init(bucket: Int32) {
        self.bucket = bucket
    }

    /// Counts by `Counted`.
    package var counts: SIMD8<UInt16> { SIMD8(lowHalf: low, highHalf: high) }

    @inline(__always)
    package subscript(kind: Int) -> UInt16 {
        get { kind < 4 ? low[kind & 3] : high[kind & 3] }
        set {
            if kind < 4 { low[kind & 3] = newValue } else { high[kind & 3] = newValue }
        }
    }
}

/// Sliding windows as a short list of non-empty buckets, oldest first.
///
/// A window is exact to the bucket and costs a walk over at most `keep` tiles when it is read;
/// adding an event in time order touches the last tile only.
package struct Tiles: Sendable, Equatable {
    package private(set) var tiles: [Tile] = []

    package init() {}

    package init(tiles: [Tile]) {
        self.tiles = tiles
    }

    /// Adds one event to its bucket, and forgets buckets more than `keep` behind the newest.
    /// An event older than that is left out of the windows; life-time counts have it all the same.
    ///
    /// - Returns: whether the bucket is new.
    @inline(__always)
    @discardableResult
    package mutating func add(_ entry: TileEntry, bucket: Int32, keep: Int32) -> Bool {
        let last = tiles.count - 1
        if last >= 0 && tiles[last].bucket == bucket {
            tiles[last].add(entry)
            return false
        }
        return insert(entry, bucket: bucket, keep: keep)
    }

    private mutating func insert(_ entry: TileEntry, bucket: Int32, keep: Int32) -> Bool {
        if let newest = tiles.last, bucket <= newest.bucket - keep { return false }
        var at = tiles.count
        while at > 0 && tiles[at - 1].bucket > bucket { at -= 1 }
        if at > 0 && tiles[at - 1].bucket == bucket {
            tiles[at - 1].add(entry)
            return false
        }
        var tile = Tile(bucket: bucket)
        tile.add(entry)
        tiles.insert(tile, at: at)
        guard let newest = tiles.last?.bucket else { return true }
        var dead = 0
        while tiles[dead].bucket <= newest - keep { dead += 1 }
        if dead > 0 { tiles.removeFirst(dead) }
        return true
    }

    /// How many buckets in a row, the one given among them, are not empty; 0 if it is.
    func run(around bucket: Int32) -> Int {
        guard let at = tiles.lastIndex(where: { $0.bucket == bucket }) else { return 0 }
        var first = at
        while first > 0 && tiles[first - 1].bucket == tiles[first].bucket - 1 { first -= 1 }
        var last = at
        while last + 1 < tiles.count && tiles[last + 1].bucket == tiles[last].bucket + 1 {
            last += 1
        }
        return last - first + 1
    }

    /// The most buckets in a row that are not empty.
    var longestRun: Int {
        var longest = 0
        var run = 0
        for at in tiles.indices {
            run = at > 0 && tiles[at - 1].bucket == tiles[at].bucket - 1 ? run + 1 : 1
            longest = max(longest, run)
        }
        return longest
    }

    /// Adds the buckets of another list, and forgets what lies `keep` behind the newest.
    mutating func join(_ other: Tiles, keep: Int32) {
        var sums: [Tile] = []
        for tile in (tiles + other.tiles).sorted(by: { $0.bucket < $1.bucket }) {
            if let last = sums.last, last.bucket == tile.bucket {
                sums[sums.count - 1].add(tile)
            } else {
                sums.append(tile)
            }
        }
        let newest = sums.last?.bucket ?? 0
        tiles = sums.filter { $0.bucket > newest - keep }
    }

    /// Reads what an event will touch; see `PartitionFold.warm`.
    @inline(__always)
    var warmth: UInt64 {
        tiles.isEmpty ? 0 : UInt64(truncatingIfNeeded: tiles[tiles.count - 1].bucket)
    }

    /// Sums over the `length` buckets that end with `newest`.
    package func sum(newest: Int32, length: Int32) -> WindowSum {
        var result = WindowSum()
        for tile in tiles where tile.bucket > newest - length && tile.bucket <= newest {
            result.add(tile)
        }
        return result
    }
}

extension Tile {
    @inline(__always)
    fileprivate mutating func add(_ entry: TileEntry) {
        if let kind = entry.kind { self[kind.rawValue].rise() }
        events.rise()
        if entry.beginsSession { sessions.rise() }
        spend += entry.spend
        refunded += entry.refunded
        discount += entry.discount
    }
}

extension Tile {
    fileprivate mutating func add(_ other: Tile) {
        for kind in 0..<8 { self[kind] = self[kind].adding(other[kind]) }
        events = events.adding(other.events)
        sessions = sessions.adding(other.sessions)
        spend += other.spend
        refunded += other.refunded
        discount += other.discount
    }
}

extension UInt16 {
    /// The sum, or the most there is.
    func adding(_ other: UInt16) -> UInt16 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }

    /// One more, and never back to zero.
    @inline(__always)
    fileprivate mutating func rise() { if self < .max { self += 1 } }
}

/// What a window holds.
package struct WindowSum: Sendable, Equatable {
    package var counts: SIMD8<UInt32> = .zero
    package var events: UInt32 = 0
    package var sessions: UInt32 = 0
    package var spend: Double = 0
    package var refunded: Double = 0
    package var discount: Double = 0
    /// Buckets with at least one event.
    package var active: Int = 0

    package init() {}

    fileprivate mutating func add(_ tile: Tile) {
        counts &+= SIMD8<UInt32>(truncatingIfNeeded: tile.counts)
        events &+= UInt32(tile.events)
        sessions &+= UInt32(tile.sessions)
        spend += Double(tile.spend)
        refunded += Double(tile.refunded)
        discount += Double(tile.discount)
        active += 1
    }

    package subscript(_ kind: Counted) -> Double {
        Double(counts[kind.rawValue])
    }
}
