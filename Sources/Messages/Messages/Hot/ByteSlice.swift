/// Where a string lies in the bytes that it was read from; empty when the field was not there.
// `@usableFromInline` on a type is what makes other modules inline its `@inlinable` members; with
// `package` alone each is a call.
@usableFromInline
package struct ByteSlice: Sendable, Equatable {
    @usableFromInline package var offset: Int32 = 0
    @usableFromInline package var length: Int32 = 0

    package init() {}

    @inlinable @inline(__always)
    package init(_ range: Range<Int>) {
        offset = Int32(truncatingIfNeeded: range.lowerBound)
        length = Int32(truncatingIfNeeded: range.upperBound - range.lowerBound)
    }

    @inlinable @inline(__always)
    package var isEmpty: Bool { length == 0 }

    /// The same as a range of the span.
    @inlinable @inline(__always)
    package var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
}

extension Span<UInt8> {
    /// The bytes of a slice.
    @_lifetime(copy self)
    package func part(_ slice: ByteSlice) -> Span<UInt8> {
        extracting(slice.range)
    }

    /// The text of a slice that was validated when it was read; empty if it is not UTF-8.
    package func text(_ slice: ByteSlice) -> String {
        (try? text(slice.range)) ?? ""
    }
}
