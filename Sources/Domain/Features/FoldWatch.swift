/// What stands beside a fold: it leaves out records that end processes, and is told where the fold
/// is, so that after a death the record is known.
package struct FoldWatch {
    /// Offsets of records that are not applied.
    package var leftOut: Set<UInt64>
    /// A record is about to be applied.
    package var begins: (UInt64) -> Void
    /// A record is left out; here are its bytes. Throws if that cannot be written down, because a
    /// state without the record must not come before the note of it.
    package var leaves: (UInt64, [UInt8]) throws -> Void

    package init(
        leftOut: Set<UInt64>, begins: @escaping (UInt64) -> Void,
        leaves: @escaping (UInt64, [UInt8]) throws -> Void
    ) {
        self.leftOut = leftOut
        self.begins = begins
        self.leaves = leaves
    }

    /// Watches nothing, leaves out nothing.
    package static var none: FoldWatch { leavingOut([]) }

    /// Only leaves out, such as when a state is folded from the log again.
    package static func leavingOut(_ offsets: Set<UInt64>) -> FoldWatch {
        FoldWatch(leftOut: offsets, begins: { _ in }, leaves: { _, _ in })
    }
}
