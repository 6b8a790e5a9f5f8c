/// What a preference is about.
package enum AffinityKind: UInt8, CaseIterable, Sendable {
    case category = 0
    case brand = 1
    case priceBand = 2
    case keyword = 3
    case device = 4
    case channel = 5
    case region = 6
    case attribute = 7

    package var name: String {
        switch self {
        case .category: "category"
        case .brand: "brand"
        case .priceBand: "price_band"
        case .keyword: "keyword"
        case .device: "device"
        case .channel: "channel"
        case .region: "region"
        case .attribute: "attribute"
        }
    }

    /// How many names of the kind a user keeps; the lightest gives way to a newcomer.
    package var limit: Int {
        switch self {
        case .category: 16
        case .brand, .priceBand, .keyword, .attribute: 8
        case .device, .channel, .region: 4
        }
    }
}

/// One preference: its weight is counted at the list's reference hour.
package struct AffinityEntry: Sendable, Equatable {
    package var kind: AffinityKind
    package var hash: UInt64
    package var name: String
    package var weight: Double
}

/// Decayed preferences of a user.
///
/// All weights are valued at one reference hour, so an event costs one multiplication and not one
/// per entry; the reference moves forward before weights grow large. Entries lie grouped by kind,
/// hash beside weight and apart from the names, so that an event touches few lines of memory.
package struct Affinities: Sendable, Equatable {
    struct Mark: Sendable, Equatable {
        var hash: UInt64
        var weight: Double
    }

    /// Entries of each kind, by its raw value.
    private var counts: SIMD8<UInt8> = .zero
    private(set) var marks: [Mark] = []
    private(set) var names: [String] = []
    package internal(set) var referenceHour: Int64 = 0

    package init() {}

    package var count: Int { marks.count }

    /// Weight at the reference hour of one unit at `hour`; moves the reference when it is far
    /// behind.
    @inline(__always)
    mutating func scale(atHour hour: Int64, decay: Decay) -> Double {
        if marks.isEmpty { referenceHour = hour }
        let scale = decay.growth(hours: hour - referenceHour)
        guard scale > 1e6 else { return scale }
        for index in marks.indices { marks[index].weight /= scale }
        referenceHour = hour
        return 1
    }

    /// Where the entries of a kind lie: the kinds in falling order, since categories gain names
    /// most often and what is last is cheapest to add to.
    @inline(__always)
    private func range(_ kind: AffinityKind) -> Range<Int> {
        var end = marks.count
        for after in 0..<Int(kind.rawValue) { end -= Int(counts[after]) }
        return end - Int(counts[Int(kind.rawValue)])..<end
    }

    /// Adds `weight` (at the reference hour) to a name, given as bytes so that a known one costs no
    /// string.
    @inline(__always)
    mutating func add(
        _ kind: AffinityKind, bytes: Span<UInt8>, hash: UInt64, weight: Double,
        _ cache: inout NameCache
    ) {
        let range = range(kind)
        if let index = index(of: hash, in: range) {
            marks[index].weight += weight
            return
        }
        insert(kind, range, Mark(hash: hash, weight: weight), bytes, &cache)
    }

    @inline(never)
    private mutating func insert(
        _ kind: AffinityKind, _ range: Range<Int>, _ mark: Mark, _ bytes: Span<UInt8>,
        _ cache: inout NameCache
    ) {
        guard range.count >= kind.limit else {
            let name = cache.name(bytes, hash: mark.hash)
            return insert(kind, at: range.upperBound, mark, name)
        }
        let lightest = lightest(in: range)
        if marks[lightest].weight < mark.weight {
            marks[lightest] = mark
            names[lightest] = cache.name(bytes, hash: mark.hash)
        } else {
            // The newcomer inherits a share of the space it could not take, so that a lasting new
            // interest wins in the end over many stale ones (the idea of the space-saving sketch).
            marks[lightest].weight -= mark.weight * 0.5
        }
    }

    // Over a span of just the kind, whose bounds are then known to hold.
    @inline(__always)
    private func index(of hash: UInt64, in range: Range<Int>) -> Int? {
        let own = marks.span.extracting(range)
        for at in 0..<own.count where own[at].hash == hash { return range.lowerBound + at }
        return nil
    }

    @inline(__always)
    private func lightest(in range: Range<Int>) -> Int {
        let own = marks.span.extracting(range)
        var lightest = 0
        for at in 1..<own.count where own[at].weight < own[lightest].weight { lightest = at }
        return range.lowerBound + lightest
    }

    private mutating func insert(
        _ kind: AffinityKind, at place: Int, _ mark: Mark, _ name: String
    ) {
        counts[Int(kind.rawValue)] += 1
        // Most often: an insertion costs several times as much, also where nothing has to move.
        if place == marks.count {
            marks.append(mark)
            names.append(name)
            return
        }
        marks.insert(mark, at: place)
        names.insert(name, at: place)
    }

    /// How many names of a kind have a weight.
    package func count(_ kind: AffinityKind) -> Int { Int(counts[Int(kind.rawValue)]) }

    /// Every entry, grouped by kind, the oldest name of a kind first.
    package var entries: [AffinityEntry] {
        AffinityKind.allCases.flatMap { kind in
            range(kind).map {
                AffinityEntry(
                    kind: kind, hash: marks[$0].hash, name: names[$0], weight: marks[$0].weight)
            }
        }
    }

    /// Lends every entry in the order of ``entries``.
    func forEach(_ body: (AffinityKind, Mark, String) -> Void) {
        for kind in AffinityKind.allCases {
            for index in range(kind) { body(kind, marks[index], names[index]) }
        }
    }

    /// Puts a stored entry back; false where its kind has no room, which no writer leaves.
    mutating func restore(_ entry: AffinityEntry) -> Bool {
        let range = range(entry.kind)
        guard range.count < entry.kind.limit else { return false }
        insert(
            entry.kind, at: range.upperBound, Mark(hash: entry.hash, weight: entry.weight),
            entry.name)
        return true
    }

    /// Names of one kind, heaviest first, with their share of the kind's weight.
    package func shares(_ kind: AffinityKind) -> [(name: String, share: Double)] {
        let own = range(kind).map { (name: names[$0], weight: marks[$0].weight) }
        let total = own.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return [] }
        return own.sorted { ($0.weight, $1.name) > ($1.weight, $0.name) }
            .map { ($0.name, $0.weight / total) }
    }

    /// Reads what an event will touch; see `PartitionFold.warm`.
    @inline(__always)
    var warmth: UInt64 {
        marks.isEmpty ? 0 : marks[0].hash &+ marks[marks.count - 1].hash
    }
}

/// Text of bytes that were validated at the edge.
@inline(__always)
func text(_ bytes: Span<UInt8>) -> String {
    guard let utf8 = try? UTF8Span(validating: bytes) else { return "" }
    return String(copying: utf8)
}
