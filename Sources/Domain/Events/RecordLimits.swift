/// What ingest accepts. Each bound has its own error code; the specification lists them.
package enum RecordLimits {
    /// Bytes of a user's or an item's id.
    package static let idBytesMax = 256
    package static let categoryBytesMax = 512
    /// Bytes of a search query or a review.
    package static let textBytesMax = 8192
    /// Bytes of any other text.
    package static let wordBytesMax = 256
    package static let propertiesMax = 32
    package static let keywordsMax = 64
    /// 2000-01-01: earlier times are a wrong unit or a broken clock.
    package static let timeMsMin: Int64 = 946_684_800_000
    /// How far ahead of the clock of ingest a time may lie; no less, since that clock may be wrong
    /// too.
    package static let timeAheadMsMax: Int64 = 24 * 3_600_000
    /// How far a record may move the shop's time beyond the moment at which it came in.
    package static let nowAheadMsMax: Int64 = 5 * 60_000
    package static let priceMax = 1e9
    package static let quantityMax: UInt32 = 1_000_000
    package static let valueMax = 1e9
    package static let ageMax: UInt32 = 150
    package static let batchRecordsMax = 5000
    package static let producerBytesMax = 128
}
