import CRoaring

/// A compressed set of 32-bit numbers: a value, copied when it is shared and changed.
@safe package struct Bitmap: @unchecked Sendable {
    /// Owns the set of the C library. Never changed while more than one bitmap holds it.
    @safe private final class Owner {
        let raw: UnsafeMutablePointer<roaring_bitmap_t>

        init(_ raw: UnsafeMutablePointer<roaring_bitmap_t>?) {
            guard let raw = unsafe raw else { fatalError("out of memory") }
            unsafe self.raw = unsafe raw
        }

        deinit { unsafe roaring_bitmap_free(raw) }
    }

    private var owner: Owner

    package init() {
        owner = unsafe Owner(roaring_bitmap_create())
    }

    /// A set of numbers in any order; sorted ones are quickest.
    package init(_ values: [UInt32]) {
        self.init()
        unsafe values.withUnsafeBufferPointer { buffer in
            unsafe roaring_bitmap_add_many(owner.raw, buffer.count, buffer.baseAddress)
        }
    }

    private init(_ raw: UnsafeMutablePointer<roaring_bitmap_t>?) {
        owner = unsafe Owner(raw)
    }

    private mutating func own() {
        guard !isKnownUniquelyReferenced(&owner) else { return }
        owner = unsafe Owner(roaring_bitmap_copy(owner.raw))
    }

    package var count: Int { Int(unsafe roaring_bitmap_get_cardinality(owner.raw)) }

    package func contains(_ value: UInt32) -> Bool {
        unsafe roaring_bitmap_contains(owner.raw, value)
    }

    package mutating func insert(_ value: UInt32) {
        own()
        unsafe roaring_bitmap_add(owner.raw, value)
    }

    package mutating func remove(_ value: UInt32) {
        own()
        unsafe roaring_bitmap_remove(owner.raw, value)
    }

    package func intersection(_ other: Bitmap) -> Bitmap {
        unsafe Bitmap(roaring_bitmap_and(owner.raw, other.owner.raw))
    }

    package func union(_ other: Bitmap) -> Bitmap {
        unsafe Bitmap(roaring_bitmap_or(owner.raw, other.owner.raw))
    }

    package func subtracting(_ other: Bitmap) -> Bitmap {
        unsafe Bitmap(roaring_bitmap_andnot(owner.raw, other.owner.raw))
    }

    /// How many numbers are in both, without making their set.
    package func intersectionCount(_ other: Bitmap) -> Int {
        Int(unsafe roaring_bitmap_and_cardinality(owner.raw, other.owner.raw))
    }

    /// All numbers, rising.
    package var values: [UInt32] {
        let count = count
        return unsafe [UInt32](unsafeUninitializedCapacity: count) { buffer, filled in
            if let base = buffer.baseAddress {
                unsafe roaring_bitmap_to_uint32_array(owner.raw, base)
            }
            filled = count
        }
    }

    /// The number before which `rank` smaller ones stand; nil if there are not so many.
    package func value(atRank rank: Int) -> UInt32? {
        guard rank >= 0, let rank = UInt32(exactly: rank) else { return nil }
        var value: UInt32 = 0
        return unsafe roaring_bitmap_select(owner.raw, rank, &value) ? value : nil
    }

    /// How many values are less than one.
    package func count(below value: UInt32) -> Int {
        value == 0 ? 0 : Int(unsafe roaring_bitmap_rank(owner.raw, value - 1))
    }

    /// Bytes it takes, about.
    package var byteCount: Int { Int(unsafe roaring_bitmap_size_in_bytes(owner.raw)) }
}

extension Bitmap: Equatable {
    package static func == (left: Bitmap, right: Bitmap) -> Bool {
        unsafe roaring_bitmap_equals(left.owner.raw, right.owner.raw)
    }
}
