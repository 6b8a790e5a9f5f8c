package import Events
package import Messages

/// The fold of one partition: records in, changed states and outbox entries out. Pure; the feature
/// worker gives it blocks of the log and commits what it takes from it.
package struct PartitionFold: Sendable {
    package let partition: Int
    package private(set) var table: UserTable
    /// Offset of the next record to apply.
    package private(set) var appliedOffset: UInt64
    package private(set) var counts = FoldCounts()
    /// How far the shop's time has come by the partition's records: see `ShopTime`.
    package private(set) var newestMs: Int64
    private var outbox = Outbox()
    // Used again for each block.
    private var ahead = [Ahead](repeating: Ahead(), count: aheadMax)
    private var aheadCount = 0
    private var slots: [Int] = []
    // Kept so that the reads of `warm` are not taken for idle.
    private var warmth: UInt64 = 0
    private let parameters: FoldParameters
    private let keys: UserKeys

    /// `keys` are those by which the store is ordered.
    package init(
        partition: Int, appliedOffset: UInt64, storeIsEmpty: Bool, parameters: FoldParameters,
        keys: UserKeys, newestMs: Int64 = 0
    ) {
        self.newestMs = newestMs
        self.partition = partition
        self.appliedOffset = appliedOffset
        self.parameters = parameters
        self.keys = keys
        table = UserTable(storeIsEmpty: storeIsEmpty, keys: keys, partition: partition)
    }

    /// True if there is something to commit.
    package var isDirty: Bool { table.dirtyCount > 0 || outbox.entries.count > 0 || pending > 0 }
    package private(set) var pending = 0
    /// Size of the entries for the trainer that wait for the next checkpoint.
    package var outboxBytes: Int { outbox.entries.bytes.count }

    /// Applies a block of the log. Records before the applied offset are skipped, so a block that
    /// comes twice has its effect once. `changed` receives the hash of each changed user, with
    /// repetitions; `load` gives the encoded state under a key of the store, or nil. Throws what
    /// `load` throws, or ``FoldError/gap`` when records are missing before the block.
    package mutating func fold(
        _ records: Span<UInt8>, firstOffset: UInt64, changed: inout [UInt64],
        watch: FoldWatch = .none, load: (UInt64) throws -> [UInt8]?
    ) throws {
        guard firstOffset <= appliedOffset else {
            throw FoldError.gap(expected: appliedOffset, got: firstOffset)
        }
        var offset = firstOffset
        var reader = BlockReader(records)
        var isMore = true
        while isMore {
            aheadCount = 0
            while isMore && aheadCount < Self.aheadMax {
                guard let range = try reader.next() else {
                    isMore = false
                    break
                }
                if offset >= appliedOffset { try look(at: offset, records, range, watch) }
                offset += 1
            }
            warm()
            for place in 0..<aheadCount {
                if ahead[place].state != .leftOut { watch.begins(ahead[place].offset) }
                try apply(place, records, &changed, load)
                appliedOffset = ahead[place].offset + 1
                pending += 1
            }
        }
    }

    /// Passes over records that cannot be read, up to an offset.
    package mutating func skip(to offset: UInt64) {
        guard offset > appliedOffset else { return }
        counts.unreadable += offset - appliedOffset
        appliedOffset = offset
        pending += 1
    }

    /// A record about to be applied.
    private struct Ahead {
        enum State { case readable, unreadable, leftOut }

        var offset: UInt64 = 0
        /// Of an event.
        var hashes = EventHashes()
        var record = RecordFields()
        var state = State.readable

        // Both where it lies: it is some 300 bytes, which were copied four times for each event.
        @inline(__always)
        mutating func begin(_ offset: UInt64) {
            self.offset = offset
            hashes = EventHashes()
            record = RecordFields()
            state = .readable
        }

        @inline(__always)
        mutating func hash(_ bytes: Span<UInt8>, _ keys: UserKeys, _ partition: Int) {
            guard record.content == .event else { return }
            hashes = EventHashes(record, in: bytes, keys, partition: partition)
        }
    }

    /// Enough to keep the memory busy, few enough for all they touch to stay in the cache.
    private static let aheadMax = 24

    private mutating func look(
        at offset: UInt64, _ bytes: Span<UInt8>, _ range: Range<Int>, _ watch: FoldWatch
    ) throws {
        let place = aheadCount
        ahead[place].begin(offset)
        aheadCount += 1
        guard watch.leftOut.isEmpty || !watch.leftOut.contains(offset) else {
            try watch.leaves(offset, bytes.array(range))
            ahead[place].state = .leftOut
            return
        }
        // Decoding may be what a record kills a worker with.
        watch.begins(offset)
        do throws(DecodeError) {
            try ahead[place].record.read(bytes, range)
        } catch {
            ahead[place].state = .unreadable
            return
        }
        ahead[place].hash(bytes, keys, partition)
    }

    /// A fold waits for memory more than it computes: users come in no order, and each is spread
    /// over several places. Reading those of many users before the first is applied lets the
    /// processor fetch them at the same time.
    private mutating func warm() {
        guard aheadCount > 1 else { return }
        slots.removeAll(keepingCapacity: true)
        for place in 0..<aheadCount {
            if let slot = table.hotSlot(ahead[place].hashes.user) { slots.append(slot) }
        }
        for place in 0..<aheadCount { warmth &+= outbox.warmth(item: ahead[place].hashes.told) }
        for slot in slots { warmth &+= table.warmthOfState(slot) }
        for slot in slots { warmth &+= table.warmthOfLists(slot) }
    }

    private mutating func apply(
        _ place: Int, _ bytes: Span<UInt8>, _ changed: inout [UInt64],
        _ load: (UInt64) throws -> [UInt8]?
    ) throws {
        let offset = ahead[place].offset
        switch ahead[place].state {
        case .readable: break
        case .unreadable:
            // Ingest let nothing unreadable in, so this is damage. It must not stop the partition.
            counts.unreadable += 1
            return
        case .leftOut:
            counts.leftOut += 1
            return
        }
        switch ahead[place].record.content {
        case .event:
            try apply(eventAt: place, bytes, &changed, load)
        case .user:
            try apply(user: ahead[place].record, bytes, offset, &changed, load)
        default:
            counts.unreadable += 1
        }
    }

    private mutating func apply(
        eventAt place: Int, _ bytes: Span<UInt8>, _ changed: inout [UInt64],
        _ load: (UInt64) throws -> [UInt8]?
    ) throws {
        let record = ahead[place].record
        guard StateLimits.timesMs.contains(record.event.timeMs) else {
            counts.unreadable += 1
            return
        }
        let hashes = ahead[place].hashes
        let id = bytes.extracting(record.event.userID.range)
        guard let slot = try table.slot(of: id, hash: hashes.user, load: load) else {
            counts.crowded += 1
            return
        }
        let timeMs = record.event.timeMs
        // For whoever counts over many users; to its own user an event is as old as it says.
        let movedMs = ShopTime.moved(by: timeMs, receivedMs: record.receivedMs)
        if table.states[slot].beginsSession(at: timeMs, parameters)
            && table.states[slot].session.count > 0
        {
            // The features as they were before this event: a training row that saw no future.
            outbox.add(
                example: table.states[slot].features(asOfMs: timeMs),
                userID: table.states[slot].userID, timeMs: movedMs)
            counts.examples += 1
        }
        table.apply(
            record, in: bytes, hashes, to: slot, offset: ahead[place].offset,
            parameters: parameters)
        let isTaken = outbox.add(
            interaction: record, in: bytes, timeMs: movedMs, user: &table.told[slot],
            item: hashes.told)
        if isTaken { counts.interactions += 1 }
        newestMs = max(newestMs, movedMs)
        counts.events += 1
        note(changed: slot, hashes.user, &changed)
    }

    private mutating func apply(
        user record: RecordFields, _ bytes: Span<UInt8>, _ offset: UInt64,
        _ changed: inout [UInt64], _ load: (UInt64) throws -> [UInt8]?
    ) throws {
        guard let user = try? User(decoding: bytes.part(record.body)) else {
            counts.unreadable += 1
            return
        }
        let id = user.userID.utf8.span
        let hash = keys.hash(id, in: 0..<id.count, partition: partition)
        guard let slot = try table.slot(of: id, hash: hash, load: load) else {
            counts.crowded += 1
            return
        }
        table.update(slot) { $0.apply(user, offset: offset) }
        counts.users += 1
        note(changed: slot, hash, &changed)
    }

    @inline(__always)
    private func note(changed slot: Int, _ hash: UInt64, _ changed: inout [UInt64]) {
        changed.append(hash)
        if let bucket = table.otherBucket(slot, hash: hash) { changed.append(bucket) }
    }

    /// Everything to commit together with ``appliedOffset``.
    package mutating func takeChanges() -> FoldChanges {
        var changes = FoldChanges()
        takeChanges(into: &changes)
        return changes
    }

    /// The same in the room of changes that are committed, whose content is replaced. Nothing that
    /// large is asked from the system anew at each checkpoint.
    package mutating func takeChanges(into changes: inout FoldChanges) {
        pending = 0
        changes.users.removeAll()
        table.takeDirty(into: &changes.users)
        outbox.take(into: &changes.outbox)
    }

    /// What a commit stores beside the users.
    package var totals: FoldTotals { FoldTotals(newestMs: newestMs) }

    /// Forgets what waits for the trainer: for measurements that have none.
    package mutating func dropOutbox() {
        var dropped = OutboxEntries()
        outbox.take(into: &dropped)
    }

    /// Forgets cold users beyond `limit`. Only after ``takeChanges()`` was committed.
    package mutating func shrink(to limit: HotLimit) {
        table.shrink(to: limit)
    }

    /// The state of a user as folded so far, or nil if the user is unknown.
    package mutating func state(
        of userID: String, load: (UInt64) throws -> [UInt8]?
    ) throws -> UserState? {
        let id = userID.utf8.span
        let hash = keys.hash(id, in: 0..<id.count, partition: partition)
        let slot = try table.find(id, hash: hash, load: load)
        return slot.map { table.states[$0] }
    }
}

/// What a checkpoint of a partition writes.
package struct FoldChanges: Sendable {
    package var users = StateRows()
    package var outbox = OutboxEntries()

    package init() {}
}

/// Counted since the worker started.
package struct FoldCounts: Sendable, Equatable {
    package var events: UInt64 = 0
    package var users: UInt64 = 0
    package var interactions: UInt64 = 0
    package var examples: UInt64 = 0
    package var unreadable: UInt64 = 0
    /// Records in quarantine.
    package var leftOut: UInt64 = 0
    /// Records of users for whom no row was free in any of their buckets; they are left out.
    package var crowded: UInt64 = 0
}

package enum FoldError: Error, Equatable {
    case gap(expected: UInt64, got: UInt64)
    case stateDamaged
    /// A stored state for which every row is another's; see ``UserKeys``.
    case bucketsFull
    case stateVersionUnknown(UInt8)
}
