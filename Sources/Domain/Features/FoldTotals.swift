/// What a fold keeps of a partition beside its users, stored with each commit.
package struct FoldTotals: Sendable, Equatable {
    /// How far the shop's time has come by the partition's records.
    package var newestMs: Int64

    package init(newestMs: Int64) { self.newestMs = newestMs }

    private static let formatVersion: UInt8 = 1
    private static let bytes = 9

    /// Nil for what an earlier version left, or for damage.
    package init?(decoding bytes: [UInt8]) {
        guard bytes.count == Self.bytes, bytes[0] == Self.formatVersion else { return nil }
        let bits = (1..<Self.bytes).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (($1 - 1) * 8) }
        newestMs = Int64(bitPattern: bits)
    }

    /// The stored ones; where there are none, what the states say. `states` lends each of them.
    package init(
        _ stored: [UInt8], states: ((Span<UInt8>) -> Void) throws -> Void
    ) rethrows {
        if let known = FoldTotals(decoding: stored) {
            self = known
            return
        }
        var newestMs: Int64 = 0
        try states { bytes in
            // What is damaged is said by whoever asks for that user.
            guard let state = try? UserState(decoding: bytes) else { return }
            newestMs = max(newestMs, state.lastSeenMs)
        }
        self.newestMs = newestMs
    }

    package func encoded() -> [UInt8] {
        let bits = UInt64(bitPattern: newestMs)
        return [Self.formatVersion]
            + (0..<8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
    }
}
