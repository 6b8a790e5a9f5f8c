import Messages

/// The secret under which texts that strangers choose are hashed, so that nobody outside can make
/// many of them meet in one place of a table. A data folder has one, beside its keys.
package struct HashKey: Sendable, Equatable {
    private let words: (UInt64, UInt64)

    package init(_ words: (UInt64, UInt64)) { self.words = words }

    /// Known to everybody: for tables of what nobody hostile has chosen, such as a bench's.
    package static let open = HashKey((0, 0))

    package static func == (one: HashKey, other: HashKey) -> Bool { one.words == other.words }

    /// SipHash-1-3 of the bytes at `range` of `bytes`.
    package func hash(_ bytes: Span<UInt8>, in range: Range<Int>) -> UInt64 {
        SipHash.hash(bytes, in: range, key: words)
    }

    package func hash(_ text: String) -> UInt64 {
        let bytes = text.utf8.span
        return hash(bytes, in: 0..<bytes.count)
    }

    /// 128 bits, which stand for the bytes by themselves.
    package func digest(_ bytes: Span<UInt8>, in range: Range<Int>) -> (UInt64, UInt64) {
        SipHash.digest(bytes, in: range, key: words)
    }

    /// Another key, which says nothing of this one.
    package func derived(_ purpose: String) -> HashKey {
        derived(from: purpose.utf8.span)
    }

    /// The key of what belongs to a name.
    package func derived(from name: Span<UInt8>) -> HashKey {
        HashKey(digest(name, in: 0..<name.count))
    }

    /// Tells keys apart without giving them away; never 0.
    package var check: UInt64 { max(1, derived("check").words.0) }
}
