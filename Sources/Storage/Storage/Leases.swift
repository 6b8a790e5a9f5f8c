/// The right of one feature worker to write one partition: an epoch above every earlier one.
package struct Lease: Sendable, Equatable {
    package var partition: Int
    /// Which worker it was given to.
    package var holder: Int
    /// Nobody else ever gets this epoch of this partition.
    package var epoch: UInt64

    package init(partition: Int, holder: Int, epoch: UInt64) {
        self.partition = partition
        self.holder = holder
        self.epoch = epoch
    }
}

/// A lease that somebody wants.
package struct LeaseWish: Sendable, Equatable {
    package var partition: Int
    package var holder: Int
    /// The new epoch must be above this too: what a partition's store was found to know.
    package var floor: UInt64

    package init(partition: Int, holder: Int, floor: UInt64 = 0) {
        self.partition = partition
        self.holder = holder
        self.floor = floor
    }
}

/// Who may write which partition: the place where it is decided, for all supervisors of a cluster.
///
/// Whoever grants must go through one such place, so that an epoch is given once. It says nothing
/// about whether a holder lives; it makes a late one harmless, since the partition's store refuses
/// epochs below the newest that claimed it (``PartitionStores``).
package protocol Leases: AnyObject {
    /// The newest lease of every partition that ever had one.
    func all() throws(StorageError) -> [Lease]

    /// Grants every wish or none. Each epoch is above all earlier ones of its partition, also
    /// across restarts of whoever grants, and above the wish's floor.
    func grant(_ wishes: [LeaseWish]) throws(StorageError) -> [Lease]
}
