import System

/// What shows that a group is as it was written: a sum over each of its blocks and one over its
/// row, each with the place it belongs to, so that one in the place of another is noticed too.
/// Beside them the latest time at which anything came in so far, which rises where a clock may not.
struct GroupSeal: Equatable {
    var latestMs: Int64
    /// Of each block, in the order of the directory.
    var blocks: [UInt64]

    /// The row that is sealed, but for its directory.
    struct Row {
        var id: Int64
        var firstBlock: Int64
        var receivedMs: Int64
    }

    private static let wordBytes = 8

    init(latestMs: Int64, blocks: [UInt64]) {
        self.latestMs = latestMs
        self.blocks = blocks
    }

    /// Reads a seal and checks the row with it; nil when they do not belong together.
    init?(decoding bytes: Span<UInt8>, row: Row, directory: Span<UInt8>) {
        guard Self.holds(bytes, row: row, directory: directory) else { return nil }
        latestMs = Int64(bitPattern: Self.word(bytes, 1))
        blocks = (2..<bytes.count / Self.wordBytes).map { Self.word(bytes, $0) }
    }

    /// Whether a row is as it was sealed, for those who want one number of it.
    static func holds(_ bytes: Span<UInt8>, row: Row, directory: Span<UInt8>) -> Bool {
        bytes.count >= 2 * wordBytes && bytes.count % wordBytes == 0
            && sum(row, directory, rest: bytes) == word(bytes, 0)
    }

    /// Little-endian words: the sum over the row and what follows, the time, the blocks' sums.
    func encode(row: Row, directory: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((2 + blocks.count) * Self.wordBytes)
        Self.put(0, into: &bytes)
        Self.put(UInt64(bitPattern: latestMs), into: &bytes)
        for block in blocks { Self.put(block, into: &bytes) }
        var sum: [UInt8] = []
        Self.put(Self.sum(row, directory, rest: bytes.span), into: &sum)
        bytes.replaceSubrange(0..<Self.wordBytes, with: sum)
        return bytes
    }

    /// The sum of a block in its place.
    static func sum(
        partition: Int, first: UInt64, count: Int, _ records: Span<UInt8>
    ) -> UInt64 {
        let place = mixed(UInt64(partition), first, UInt64(count))
        return Checksum.xxh64(records, seed: place)
    }

    private static func sum(
        _ row: Row, _ directory: Span<UInt8>, rest bytes: Span<UInt8>
    ) -> UInt64 {
        let place = mixed(
            UInt64(bitPattern: row.id), UInt64(bitPattern: row.firstBlock),
            UInt64(bitPattern: row.receivedMs))
        let blocks = Checksum.xxh64(bytes.extracting(wordBytes..<bytes.count), seed: place)
        return Checksum.xxh64(directory, seed: blocks)
    }

    /// Odd factors of the golden ratio and of its kin: other places make other seeds.
    private static func mixed(_ one: UInt64, _ two: UInt64, _ three: UInt64) -> UInt64 {
        let first = (one &+ 1) &* 0x9E37_79B9_7F4A_7C15
        let second = (first ^ (first >> 29) ^ two) &* 0xBF58_476D_1CE4_E5B9
        return (second ^ (second >> 32) ^ three) &* 0x94D0_49BB_1331_11EB
    }

    private static func word(_ bytes: Span<UInt8>, _ place: Int) -> UInt64 {
        (0..<wordBytes).reduce(UInt64(0)) {
            $0 | UInt64(bytes[place * wordBytes + $1]) << ($1 * 8)
        }
    }

    private static func put(_ value: UInt64, into bytes: inout [UInt8]) {
        for shift in 0..<wordBytes { bytes.append(UInt8(truncatingIfNeeded: value >> (shift * 8))) }
    }
}
