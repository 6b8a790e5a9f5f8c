/// What the fold depends on beside the events. Two clusters with equal parameters and an equal log
/// hold equal states.
package struct FoldParameters: Sendable {
    /// A pause longer than this ends a session.
    package var sessionGapMs: Int64 = 30 * 60_000
    /// Half-life of the decayed counts.
    package var countDecay = Decay(halfLifeHours: 7 * 24)
    /// Half-life of the affinities.
    package var affinityDecay = Decay(halfLifeHours: 30 * 24)

    package init() {}

    /// As every cluster has them. Making a `Decay` computes its table, so they are made once.
    package static let standard = FoldParameters()
}

/// Upper bounds of what a state keeps, so that no user can grow without limit.
package enum StateLimits {
    /// Times that a state may hold, from 1970 to the end of the year 9999. Ingest lets in far less;
    /// what lies outside is damage, and whoever computes with times need not think of overflow.
    package static let timesMs: ClosedRange<Int64> = 0...253_402_300_799_999
    /// The most that a sum of times says: fifty states of one person can be added without overflow.
    package static let sumMsMax: Int64 = 1 << 56
    package static let recentMax = 50
    package static let purchasedMax = 200
    package static let hiddenMax = 100
    package static let cartMax = 30
    /// Hour tiles: 24 full hours and the current one.
    package static let hourTiles: Int32 = 25
    package static let dayTiles: Int32 = 91
    /// Words of a search query that count as keywords.
    package static let queryWordsMax = 6
    package static let categoryDepthMax = 4
    /// Properties of an event that count as attributes: how many, and which.
    package static let eventAttributesMax = 4
    package static let attributeKeys: Set<String> = [
        "colour", "color", "size", "material", "style", "pattern", "fit", "flavour", "flavor",
        "颜色", "尺码", "材质", "款式", "口味",
    ]
}
