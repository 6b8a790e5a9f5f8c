package import Events
import Features
import Messages
package import Storage

/// Folds the log of one partition into a store, with the fold that the feature workers use.
package struct PartitionRebuild {
    private let log: SQLiteEventLog
    private let keys: UserKeys
    private let cuts: FoldCuts
    private let note: (Int) -> Void

    /// `keys` are those of the folder whose states are made; `note` is told how many records were
    /// folded since the last time.
    package init(
        from log: SQLiteEventLog, keys: UserKeys, cuts: FoldCuts = FoldCuts(),
        note: @escaping (Int) -> Void = { _ in }
    ) {
        self.log = log
        self.keys = keys
        self.cuts = cuts
        self.note = note
    }

    /// Brings a store, which nobody else may hold, from where it stands to `end`.
    package func advance(_ store: SQLitePartitionStore, to end: UInt64) throws {
        // Not raised: a base is brought on often, and a copy of it becomes a state.
        let epoch = max(try store.epoch(), 1)
        try store.claim(epoch: epoch)
        // A copy of a base, or a base itself, may be of a version before.
        try store.rekey(by: keys.rows)
        var fold = PartitionFold(
            partition: store.partition, appliedOffset: try store.appliedOffset(),
            storeIsEmpty: try store.userCount() == 0, parameters: .standard, keys: keys,
            newestMs: try store.newestMs())
        let watch = FoldWatch.leavingOut(try log.quarantine().offsets(of: store.partition))
        while fold.appliedOffset < end {
            for block in try read(store.partition, from: fold.appliedOffset)
            where block.firstOffset < end {
                try apply(block, upTo: end, watch, &fold) { fold in
                    let isFull =
                        fold.table.dirtyCount >= cuts.dirtyMax
                        || fold.outboxBytes > FoldCuts.outboxBytesMax
                    if isFull { try commit(&fold, to: store, epoch: epoch) }
                } load: {
                    try store.loadUser($0)
                }
            }
        }
        try commit(&fold, to: store, epoch: epoch)
    }

    private func read(_ partition: Int, from offset: UInt64) throws -> [StoredBlock] {
        do {
            let blocks = try log.read(
                partition: partition, from: offset, maxBytes: cuts.readBytes)
            guard !blocks.isEmpty else {
                throw ArchiveFailure.damaged(
                    file: "the event log", "partition \(partition) ends at \(offset)")
            }
            return blocks
        } catch StorageError.outOfRange(let firstKept) {
            throw ArchiveFailure.gap(partition: partition, wanted: offset, firstKept: firstKept)
        }
    }

    /// Hands the records of a block that are wanted to the fold, so many at a time.
    private func apply(
        _ block: StoredBlock, upTo end: UInt64, _ watch: FoldWatch,
        _ fold: inout PartitionFold, after: (inout PartitionFold) throws -> Void,
        load: (UInt64) throws -> [UInt8]?
    ) throws {
        let bytes = block.records.span
        var changed: [UInt64] = []
        for piece in try pieces(of: block, from: fold.appliedOffset, to: end) {
            try fold.fold(
                bytes.extracting(piece.bytes), firstOffset: piece.offset, changed: &changed,
                watch: watch, load: load)
            changed.removeAll(keepingCapacity: true)
            note(piece.count)
            try after(&fold)
        }
    }

    private struct Piece {
        var bytes: Range<Int>
        var offset: UInt64
        var count: Int
    }

    /// The wanted records of a block, cut after every so many.
    private func pieces(
        of block: StoredBlock, from start: UInt64, to end: UInt64
    ) throws -> [Piece] {
        var pieces: [Piece] = []
        var reader = BlockReader(block.records.span)
        var offset = block.firstOffset
        var piece = Piece(bytes: 0..<0, offset: offset, count: 0)
        while offset < end, let range = try reader.next() {
            offset += 1
            if offset <= start {
                piece = Piece(bytes: range.upperBound..<range.upperBound, offset: offset, count: 0)
                continue
            }
            piece.bytes = piece.bytes.lowerBound..<range.upperBound
            piece.count += 1
            if piece.count >= cuts.records {
                pieces.append(piece)
                piece = Piece(bytes: range.upperBound..<range.upperBound, offset: offset, count: 0)
            }
        }
        if piece.count > 0 { pieces.append(piece) }
        guard offset == min(end, block.endOffset) else {
            throw ArchiveFailure.damaged(
                file: "the event log",
                "the block of partition \(block.partition) at \(block.firstOffset) is short")
        }
        return pieces
    }

    private func commit(
        _ fold: inout PartitionFold, to store: SQLitePartitionStore, epoch: UInt64
    ) throws {
        let changes = fold.takeChanges()
        _ = try store.commit(
            PartitionCommit(
                epoch: epoch, appliedOffset: fold.appliedOffset, users: changes.users,
                outbox: [
                    PendingBlock(
                        partition: fold.partition, count: changes.outbox.count,
                        records: changes.outbox.bytes)
                ], totals: fold.totals.encoded()))
        fold.shrink(to: HotLimit(users: cuts.hotUsersMax))
    }
}
