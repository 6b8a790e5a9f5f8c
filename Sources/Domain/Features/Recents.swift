package import Messages

/// One of the last things a user did.
package struct Recent: Sendable, Equatable {
    package var itemID: String
    package var type: EventType
    package var timeMs: Int64

    package init(itemID: String, type: EventType, timeMs: Int64) {
        self.itemID = itemID
        self.type = type
        self.timeMs = timeMs
    }
}

/// The newest events about items, in order of arrival, in a ring of fixed size.
package struct Recents: Sendable, Equatable {
    private(set) var ring: [Recent] = []
    private var next = 0

    package init() {}

    package var count: Int { ring.count }

    package mutating func append(_ recent: Recent) {
        if ring.count < StateLimits.recentMax {
            ring.append(recent)
        } else {
            ring[next] = recent
            next = next + 1 == StateLimits.recentMax ? 0 : next + 1
        }
    }

    /// Reads what an event will touch; see `PartitionFold.warm`.
    @inline(__always)
    var warmth: UInt64 {
        ring.isEmpty ? 0 : UInt64(bitPattern: ring[min(next, ring.count - 1)].timeMs)
    }

    /// Oldest first.
    package var ordered: [Recent] {
        Array(ring[next...] + ring[..<next])
    }

    /// Lends each, oldest first.
    @inline(__always)
    func forEach(_ body: (Recent) -> Void) {
        for at in ring.indices {
            let place = next + at
            body(ring[place < ring.count ? place : place - ring.count])
        }
    }

    /// Time of the earliest kept event about `itemID`.
    func firstTime(of itemID: String) -> Int64? {
        var first: Int64?
        let all = ring.span
        for at in 0..<all.count where all[at].itemID == itemID {
            first = min(first ?? all[at].timeMs, all[at].timeMs)
        }
        return first
    }

    /// Equal content is equal, wherever the ring begins.
    package static func == (a: Recents, b: Recents) -> Bool {
        a.ordered == b.ordered
    }
}
