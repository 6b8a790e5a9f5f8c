/// How a fold is cut: none of it may show in the states.
package struct FoldCuts: Sendable, Equatable {
    /// Bytes read from the log at once.
    package var readBytes = 1 << 20
    /// Records handed to the fold at once.
    package var records = 1000
    /// Changed users held before they are written.
    package var dirtyMax = 50_000
    /// Users held in memory.
    package var hotUsersMax = 50_000

    package init() {}

    /// Cuts that no worker makes, so that a state which depends on cuts is found out.
    package static var odd: FoldCuts {
        var cuts = FoldCuts()
        cuts.readBytes = 333_333
        cuts.records = 61
        cuts.dirtyMax = 20_011
        cuts.hotUsersMax = 30_011
        return cuts
    }

    /// Entries for the trainer beyond this are written, as the worker does: one commit is one
    /// block of the outbox, and must fit a frame.
    static let outboxBytesMax = 1 << 20
}
