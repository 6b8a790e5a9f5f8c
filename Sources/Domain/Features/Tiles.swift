/// The kinds of event that windows count apart; everything else is `other`.
package enum Counted: Int, CaseIterable, Sendable {
    case view, click, search, favourite, cart, purchase, refund, other
}

/// Counts of one bucket of time.
///
/// 24 bytes: eight counts as one SIMD8 would be aligned to 16 and take 48.
package struct Tile: Sendable, Equatable {
    /// Bucket number: event time divided by the bucket's length.
    package var bucket: Int32
    /// Money of purchases, in the shop's currency.
    package var spend: Float = 0
    private var low: SIMD4<UInt16> = .zero
    private var high: SIMD4<UInt16> = .zero

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
    @inline(__always)
    package mutating func add(bucket: Int32, kind: Counted, spend: Float, keep: Int32) {
        let last = tiles.count - 1
        if last >= 0 && tiles[last].bucket == bucket {
            tiles[last].add(kind, spend)
            return
        }
        insert(bucket: bucket, kind: kind, spend: spend, keep: keep)
    }

    private mutating func insert(bucket: Int32, kind: Counted, spend: Float, keep: Int32) {
        if let newest = tiles.last, bucket <= newest.bucket - keep { return }
        var at = tiles.count
        while at > 0 && tiles[at - 1].bucket > bucket { at -= 1 }
        if at > 0 && tiles[at - 1].bucket == bucket {
            tiles[at - 1].add(kind, spend)
            return
        }
        var tile = Tile(bucket: bucket)
        tile.add(kind, spend)
        tiles.insert(tile, at: at)
        guard let newest = tiles.last?.bucket else { return }
        var dead = 0
        while tiles[dead].bucket <= newest - keep { dead += 1 }
        if dead > 0 { tiles.removeFirst(dead) }
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
    fileprivate mutating func add(_ kind: Counted, _ spend: Float) {
        let count = self[kind.rawValue]
        self[kind.rawValue] = count == .max ? .max : count + 1
        self.spend += spend
    }
}

/// What a window holds.
package struct WindowSum: Sendable, Equatable {
    package var counts: SIMD8<UInt32> = .zero
    package var spend: Double = 0
    /// Buckets with at least one event.
    package var active: Int = 0

    package init() {}

    fileprivate mutating func add(_ tile: Tile) {
        counts &+= SIMD8<UInt32>(truncatingIfNeeded: tile.counts)
        spend += Double(tile.spend)
        active += 1
    }

    package subscript(_ kind: Counted) -> Double {
        Double(counts[kind.rawValue])
    }
}
