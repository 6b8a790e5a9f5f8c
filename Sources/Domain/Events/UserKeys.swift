import Messages

/// Under which number a user lies in a table of one partition and in its file.
///
/// The number is a keyed hash of the id, with the partition in its lowest bits. Users whose hash is
/// the same lie on the following rows of one bucket. A bucket holds few: whoever finds it full is
/// placed by another hash, some times, so that a look-up ends soon even for one who knows the key.
/// Who finds no place at all is refused and counted, see ``FoldCounts``; that takes ids which are
/// equal under four independent hashes.
package struct UserKeys: Sendable {
    /// Users of one bucket.
    package static let rowsPerBucket = 8
    /// Hashes that are tried for one user.
    package static let bucketsPerUser = 4
    /// Rows that are looked at for one user, at most.
    package static let probesMax = rowsPerBucket * bucketsPerUser

    private static let partitionMask = UInt64(Partitions.users - 1)

    private let key: HashKey
    private let mask: UInt64
    /// Says which key this is, for files that are ordered by it.
    package let check: UInt64

    /// `hashBits` of a hash are used: fewer than all only by tests, to make ids meet.
    package init(_ key: HashKey, hashBits: UInt64 = 58) {
        self.key = key
        mask = hashBits >= 58 ? ~Self.partitionMask : (1 << hashBits &- 1) << 6
        check = key.check
    }

    package static let open = UserKeys(.open)

    /// Where the search for a user of `partition` begins.
    @inline(__always)
    package func hash(
        _ bytes: Span<UInt8>, in range: Range<Int>, partition: Int
    ) -> UInt64 {
        key.hash(bytes, in: range) & mask | UInt64(partition)
    }

    /// The same for a user of whatever partition, which ``Partitions`` reads from it again.
    package func hash(_ userID: String) -> UInt64 {
        let bytes = userID.utf8.span
        return hash(
            bytes, in: 0..<bytes.count, partition: Partitions.partition(ofUser: userID))
    }

    /// The bucket that is tried after so many full ones; `hash` is the first.
    package func bucket(_ number: Int, of id: Span<UInt8>, hash: UInt64) -> UInt64 {
        guard number > 0 else { return hash }
        let other = key.derived("bucket \(number)").hash(id, in: 0..<id.count)
        return other & mask | hash & Self.partitionMask
    }

    /// The key of a row of a bucket. Rows of two buckets are never the same.
    @inline(__always)
    package static func row(_ place: Int, of bucket: UInt64) -> UInt64 {
        bucket & ~partitionMask | (bucket &+ UInt64(place)) & partitionMask
    }

    /// The bucket that a row belongs to.
    package static func bucket(ofRow key: UInt64, partition: Int) -> UInt64 {
        key & ~partitionMask | UInt64(partition)
    }

    /// A hash of another text of an event, for tables in memory.
    @inline(__always)
    package func text(_ bytes: Span<UInt8>, in range: Range<Int>) -> UInt64 {
        key.hash(bytes, in: range)
    }
}
