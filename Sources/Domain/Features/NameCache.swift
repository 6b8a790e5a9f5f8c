import Messages

/// Names that came up lately, by their hash, so that users share one copy of each: most names are
/// those of a few categories and brands.
///
/// A direct-mapped table: a name that another has pushed out is made anew. The hash does not stand
/// for the name: it has no key, and one user's words must never become another's.
struct NameCache: Sendable {
    /// What a name is told by, without touching its text: up to 16 bytes are all in the two words.
    private struct Place: Sendable, Equatable {
        var hash: UInt64 = 0
        var count = 0
        var head: UInt64 = 0
        var tail: UInt64 = 0
    }

    private var places = [Place](repeating: Place(), count: size)
    private var names = [String](repeating: "", count: size)

    /// A power of two.
    private static let size = 512
    private static let bytesInPlace = 16

    @inline(__always)
    mutating func name(_ bytes: Span<UInt8>, hash: UInt64) -> String {
        let at = Int(truncatingIfNeeded: hash >> 40) & (Self.size - 1)
        let place = Place(
            hash: hash, count: bytes.count, head: bytes.word,
            tail: bytes.count > 8 ? bytes.load64(bytes.count - 8) : 0)
        if places[at] == place,
            place.count <= Self.bytesInPlace || names[at].utf8.span.isSame(as: bytes)
        {
            return names[at]
        }
        let made = text(bytes)
        places[at] = place
        names[at] = made
        return made
    }
}
