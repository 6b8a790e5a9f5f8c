import CShims

/// Sums that tell damage of stored bytes; not for telling forgery.
package enum Checksum {
    /// XXH64, at several gigabytes a second.
    package static func xxh64(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        unsafe bytes.withUnsafeBufferPointer { unsafe limn_xxh64($0.baseAddress, $0.count, seed) }
    }
}
