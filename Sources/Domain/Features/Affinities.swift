/// What a preference is about.
package enum AffinityKind: UInt8, CaseIterable, Sendable {
    case category = 0
    case brand = 1
    case priceBand = 2
    case keyword = 3
    case device = 4
    case channel = 5

    package var name: String {
        switch self {
        case .category: "category"
        case .brand: "brand"
        case .priceBand: "price_band"
        case .keyword: "keyword"
        case .device: "device"
        case .channel: "channel"
        }
    }

    /// How many names of the kind a user keeps; the lightest gives way to a newcomer.
    package var limit: Int {
        switch self {
        case .category: 16
        case .brand, .priceBand, .keyword: 8
        case .device, .channel: 4
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
/// per entry; the reference moves forward before weights grow large.
package struct Affinities: Sendable, Equatable {
    package internal(set) var entries: [AffinityEntry] = []
    package internal(set) var referenceHour: Int64 = 0

    package init() {}

    /// Weight at the reference hour of one unit at `hour`; moves the reference when it is far
    /// behind.
    mutating func scale(atHour hour: Int64, decay: Decay) -> Double {
        if entries.isEmpty { referenceHour = hour }
        let scale = decay.growth(hours: hour - referenceHour)
        guard scale > 1e6 else { return scale }
        for index in entries.indices { entries[index].weight /= scale }
        referenceHour = hour
        return 1
    }

    /// Adds `weight` (at the reference hour) to a name, given as bytes so that a known one costs no
    /// string.
    mutating func add(
        _ kind: AffinityKind, bytes: Span<UInt8>, hash: UInt64, weight: Double
    ) {
        var lightest = -1
        var ofKind = 0
        for index in entries.indices where entries[index].kind == kind {
            if entries[index].hash == hash {
                entries[index].weight += weight
                return
            }
            ofKind += 1
            if lightest < 0 || entries[index].weight < entries[lightest].weight { lightest = index }
        }
        let entry = AffinityEntry(
            kind: kind, hash: hash, name: text(bytes), weight: weight)
        if ofKind < kind.limit {
            entries.append(entry)
        } else if entries[lightest].weight < weight {
            entries[lightest] = entry
        } else {
            // The newcomer inherits a share of the space it could not take, so that a lasting new
            // interest wins in the end over many stale ones (the idea of the space-saving sketch).
            entries[lightest].weight -= weight * 0.5
        }
    }

    /// Names of one kind, heaviest first, with their share of the kind's weight.
    package func shares(_ kind: AffinityKind) -> [(name: String, share: Double)] {
        let own = entries.filter { $0.kind == kind }
        let total = own.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return [] }
        return own.sorted { ($0.weight, $1.name) > ($1.weight, $0.name) }
            .map { ($0.name, $0.weight / total) }
    }
}

/// Text of bytes that were validated at the edge.
@inline(__always)
func text(_ bytes: Span<UInt8>) -> String {
    guard let utf8 = try? UTF8Span(validating: bytes) else { return "" }
    return String(copying: utf8)
}
