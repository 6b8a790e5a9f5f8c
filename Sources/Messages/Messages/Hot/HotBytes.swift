// The only unsafe code of the module: loads of eight bytes at once, and copies without a loop.
// Every load is bounds-checked; any bit pattern is a valid UInt64.

extension Span<UInt8> {
    /// Whether the bytes of a range are valid UTF-8.
    @inline(__always)
    func isText(_ range: Range<Int>) -> Bool {
        isASCII(range) || isUTF8(range)
    }

    @inline(__always)
    private func isASCII(_ range: Range<Int>) -> Bool {
        let high: UInt64 = 0x8080_8080_8080_8080
        let raw = unsafe self.bytes
        let length = range.upperBound - range.lowerBound
        if length < 8 {
            var all: UInt8 = 0
            for index in range { all |= self[index] }
            return all < 0x80
        }
        var all: UInt64 = 0
        var position = range.lowerBound
        let last = range.upperBound - 8
        while position < last {
            all |= unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
            position += 8
        }
        // The last eight bytes may overlap those before: cheaper than a tail.
        all |= unsafe raw.unsafeLoadUnaligned(fromByteOffset: last, as: UInt64.self)
        return all & high == 0
    }

    /// Eight bytes at an offset, least significant first; traps outside the span.
    @inlinable @inline(__always)
    package func load64(_ offset: Int) -> UInt64 {
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return UInt64(littleEndian: word)
    }
}

extension Span<UInt8> {
    /// Four bytes at an offset, least significant first; traps outside the span.
    @inlinable @inline(__always)
    package func load32(_ offset: Int) -> UInt32 {
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return UInt32(littleEndian: word)
    }
}

extension [UInt8] {
    /// Appends a copy of the bytes.
    package mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a copy of the bytes; traps when there is no room.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func append(copying source: Span<UInt8>) {
        precondition(source.count <= freeCapacity)
        unsafe withUnsafeMutableBufferPointer { buffer, used in
            unsafe source.withUnsafeBufferPointer { from in
                let free = unsafe UnsafeMutableBufferPointer(rebasing: buffer[used...])
                _ = unsafe free.initialize(fromContentsOf: from)
            }
            used += source.count
        }
    }
}
