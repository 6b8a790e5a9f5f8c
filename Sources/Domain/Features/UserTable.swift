package import Events
package import Messages

/// The hot users of one partition, and which of them changed since the last checkpoint.
///
/// A user's key is the first free row of the buckets that ``UserKeys`` names for the id, so that
/// nobody ever gets a neighbour's state.
package struct UserTable: Sendable {
    package private(set) var states: [UserState] = []
    private var keys: [UInt64] = []
    /// What each state took when it was last written or read.
    private var sizes: [UInt32] = []
    /// Memory of the states, about.
    package private(set) var residentBytes = 0
    private var touched: [UInt32] = []
    /// When each was told to the trainer; see ``Outbox``.
    var told: [UInt64] = []
    private var isDirty: [Bool] = []
    private var dirty: [Int] = []
    private var index = KeyIndex()
    private var clock: UInt32 = 0
    private var names = NameCache()
    private let userKeys: UserKeys
    private let partition: Int
    /// Rows looked at so far, for whoever measures.
    package private(set) var probes: UInt64 = 0
    /// Whether any user was looked for beyond a first bucket.
    private var hasFullBuckets = false
    /// True while every user of the partition is in the table, so that a miss needs no look-up.
    private var complete: Bool

    package init(storeIsEmpty: Bool, keys: UserKeys, partition: Int) {
        complete = storeIsEmpty
        userKeys = keys
        self.partition = partition
    }

    package var count: Int { states.count }
    package var dirtyCount: Int { dirty.count }

    /// Slot of the user whose id is `id`; loads or creates the state. `load` gives the encoded
    /// state under a key, or nil. Nil where every row for the id is somebody else's.
    package mutating func slot(
        of id: Span<UInt8>, hash: UInt64, load: (UInt64) throws -> [UInt8]?
    ) throws -> Int? {
        switch try probe(id, hash: hash, load: load) {
        case .found(let slot): return slot
        case .free(let key): return add(UserState(userID: text(id)), key: key)
        case .full: return nil
        }
    }

    /// Slot of a known user, or nil.
    package mutating func find(
        _ id: Span<UInt8>, hash: UInt64, load: (UInt64) throws -> [UInt8]?
    ) throws -> Int? {
        switch try probe(id, hash: hash, load: load) {
        case .found(let slot): return slot
        case .free, .full: return nil
        }
    }

    /// The bucket that a user lies in, if that is not the one of the id's hash: whoever looks for
    /// the user by number needs it too.
    @inline(__always)
    func otherBucket(_ slot: Int, hash: UInt64) -> UInt64? {
        guard hasFullBuckets else { return nil }
        let bucket = UserKeys.bucket(ofRow: keys[slot], partition: partition)
        return bucket == hash ? nil : bucket
    }

    /// The slot whose key is the hash: the user's own but for a collision.
    @inline(__always)
    func hotSlot(_ hash: UInt64) -> Int? { index[hash] }

    /// Reads the lines of a state that an event will touch.
    @inline(__always)
    func warmthOfState(_ slot: Int) -> UInt64 {
        states[slot].warmth
    }

    /// Reads what the state's lists hold; after ``warmthOfState(_:)``, which fetches where it is.
    @inline(__always)
    func warmthOfLists(_ slot: Int) -> UInt64 {
        states[slot].hours.warmth &+ states[slot].days.warmth
            &+ states[slot].affinities.warmth &+ states[slot].recents.warmth
    }

    private enum Place {
        case found(Int)
        case free(UInt64)
        case full
    }

    /// Walks the rows of the id's buckets until the user or the first free one.
    @inline(__always)
    private mutating func probe(
        _ id: Span<UInt8>, hash: UInt64, load: (UInt64) throws -> [UInt8]?
    ) throws -> Place {
        if let slot = index[hash], Self.same(states[slot].userID, id) {
            probes &+= 1
            return .found(slot)
        }
        return try walk(id, hash: hash, load: load)
    }

    private mutating func walk(
        _ id: Span<UInt8>, hash: UInt64, load: (UInt64) throws -> [UInt8]?
    ) throws -> Place {
        for number in 0..<UserKeys.bucketsPerUser {
            if number > 0 { hasFullBuckets = true }
            let bucket = userKeys.bucket(number, of: id, hash: hash)
            for row in 0..<UserKeys.rowsPerBucket {
                let key = UserKeys.row(row, of: bucket)
                probes &+= 1
                if let slot = index[key] {
                    if Self.same(states[slot].userID, id) { return .found(slot) }
                } else {
                    guard !complete, let bytes = try load(key) else { return .free(key) }
                    let state = try UserState(decoding: bytes.span)
                    let slot = add(state, key: key)
                    weigh(slot, state.residentBytes)
                    if Self.same(state.userID, id) { return .found(slot) }
                }
            }
        }
        return .full
    }

    /// Places that the index looks at to find every user once, for whoever measures.
    package var indexProbes: Int { keys.reduce(0) { $0 + index.probes(of: $1) } }

    private mutating func add(_ state: UserState, key: UInt64) -> Int {
        let slot = states.count
        states.append(state)
        keys.append(key)
        sizes.append(0)
        touched.append(clock)
        told.append(0)
        isDirty.append(false)
        index.insert(key, slot: slot)
        return slot
    }

    /// Applies an event to a state and marks it for the next checkpoint.
    @inline(__always)
    mutating func apply(
        _ record: RecordFields, in bytes: Span<UInt8>, _ hashes: EventHashes, to slot: Int,
        offset: UInt64, parameters: FoldParameters
    ) {
        states[slot].apply(
            record, in: bytes, hashes, offset: offset, parameters: parameters, names: &names)
        mark(slot)
    }

    @inline(__always)
    private mutating func mark(_ slot: Int) {
        touched[slot] = clock
        if !isDirty[slot] {
            isDirty[slot] = true
            dirty.append(slot)
        }
    }

    /// Changes a state in place and marks it for the next checkpoint.
    @inline(__always)
    package mutating func update(_ slot: Int, _ change: (inout UserState) -> Void) {
        change(&states[slot])
        mark(slot)
    }

    /// Appends everything changed since the last call.
    package mutating func takeDirty(into taken: inout StateRows) {
        // Through a span, which lends: a subscript of the array would copy each state to encode it.
        let held = states
        let all = held.span
        for slot in dirty {
            taken.append(keys[slot]) { all[slot].encode(into: &$0) }
            weigh(slot, all[slot].residentBytes)
            isDirty[slot] = false
        }
        dirty.removeAll(keepingCapacity: true)
        clock &+= 1
    }

    private mutating func weigh(_ slot: Int, _ bytes: Int) {
        residentBytes += bytes - Int(sizes[slot])
        sizes[slot] = UInt32(clamping: bytes)
    }

    /// Forgets the users untouched for longest until three quarters of the limit are left, if it is
    /// passed. Only when nothing is dirty.
    package mutating func shrink(to limit: HotLimit) {
        precondition(dirty.isEmpty)
        guard states.count > limit.users || residentBytes > limit.bytes else { return }
        complete = false
        let byAge = states.indices.sorted { (touched[$0], $0) > (touched[$1], $1) }
        let users = limit.users - limit.users / 4
        let bytes = limit.bytes - limit.bytes / 4
        var kept: [Int] = []
        var keptBytes = 0
        for slot in byAge where kept.count < users {
            keptBytes += Int(sizes[slot])
            if keptBytes > bytes { break }
            kept.append(slot)
        }
        let old = self
        states = []
        keys = []
        sizes = []
        residentBytes = 0
        touched = []
        told = []
        isDirty = []
        index = KeyIndex(minimumCapacity: kept.count)
        for slot in kept.sorted() {
            let at = add(old.states[slot], key: old.keys[slot])
            touched[at] = old.touched[slot]
            told[at] = old.told[slot]
            sizes[at] = old.sizes[slot]
            residentBytes += Int(old.sizes[slot])
        }
    }

    private static func same(_ text: String, _ bytes: Span<UInt8>) -> Bool {
        text.utf8.span.isSame(as: bytes)
    }
}
