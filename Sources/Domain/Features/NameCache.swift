/// Names that came up lately, by their hash, so that users share one copy of each: most names are
/// those of a few categories and brands.
///
/// A direct-mapped table: a name that another has pushed out is made anew. The hash does not stand
/// for the name: it has no key, and one user's words must never become another's.
struct NameCache: Sendable {
    private var hashes = [UInt64](repeating: 0, count: size)
    private var names = [String](repeating: "", count: size)

    /// A power of two.
    private static let size = 512

    @inline(__always)
    mutating func name(_ bytes: Span<UInt8>, hash: UInt64) -> String {
        let place = Int(truncatingIfNeeded: hash >> 40) & (Self.size - 1)
        if hashes[place] == hash && isSame(names[place], bytes) { return names[place] }
        let made = text(bytes)
        hashes[place] = hash
        names[place] = made
        return made
    }

    @inline(__always)
    private func isSame(_ name: String, _ bytes: Span<UInt8>) -> Bool {
        let own = name.utf8.span
        guard own.count == bytes.count else { return false }
        for at in 0..<own.count where own[at] != bytes[at] { return false }
        return true
    }
}
