import Messages

extension Span<UInt8> {
    /// Whether another span holds the same bytes: eight at once, of which the last may overlap.
    @inline(__always)
    func isSame(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard count >= 8 else { return word == other.word }
        let last = count - 8
        var at = 0
        while at < last {
            if load64(at) != other.load64(at) { return false }
            at += 8
        }
        return load64(last) == other.load64(last)
    }

    /// Up to eight bytes as one number, which says them all together with their count.
    @inline(__always)
    var word: UInt64 {
        if count >= 8 { return load64(0) }
        if count >= 4 { return UInt64(load32(0)) | UInt64(load32(count - 4)) << 32 }
        var word: UInt64 = 0
        for at in 0..<count { word = word << 8 | UInt64(self[at]) }
        return word
    }
}
