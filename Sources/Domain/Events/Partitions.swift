/// How the log is divided: users over 64 partitions by hash, and one more for the catalogue.
package enum Partitions {
    /// Fixed for ever: changing it would move every user.
    package static let users = 64
    /// Items of the shop, in one totally ordered partition of their own.
    package static let catalogue = 64
    package static let all = 65

    /// Partition of a user from the hash of the user's id.
    @inline(__always)
    package static func partition(ofHash hash: UInt64) -> Int {
        Int(hash & UInt64(users - 1))
    }

    package static func partition(ofUser userID: String) -> Int {
        partition(ofHash: XXH64.hash(userID))
    }

    /// The partitions of worker `index` out of `workers`: dealt round robin.
    package static func owned(by index: Int, of workers: Int) -> [Int] {
        (0..<users).filter { $0 % workers == index }
    }

    /// The worker out of `workers` that owns `partition`.
    package static func owner(of partition: Int, workers: Int) -> Int {
        partition % workers
    }
}
