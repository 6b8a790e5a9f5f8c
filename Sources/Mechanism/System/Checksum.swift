import CShims

/// Sums that tell damage of stored bytes; not for telling forgery.
package enum Checksum {
    /// XXH64, at several gigabytes a second.
    package static func xxh64(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        #if DEBUG
            if trustsDamage { return 0 }
        #endif
        return unsafe bytes.withUnsafeBufferPointer {
            unsafe limn_xxh64($0.baseAddress, $0.count, seed)
        }
    }

    #if DEBUG
        /// So that tests can show that they would notice sums which tell nothing.
        private static let trustsDamage = DebugFault.isOn("trustDamage")
    #endif
}
