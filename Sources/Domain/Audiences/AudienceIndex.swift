package import Expressions
package import Roaring

/// A user's joining or leaving a tag.
package struct MembershipChange: Sendable, Equatable {
    package var tag: String
    package var userID: String
    package var hasJoined: Bool
}

/// Users by column and tags by bitmap: who is meant by an expression, without reading any state.
///
/// Each user has an ordinal, given again after the user is removed. Whoever holds an index tells it
/// the values of the users that change; what changes with time alone is told by a sweep over all
/// users (``sweep(_:)``).
package struct AudienceIndex: Sendable {
    /// Values that the index keeps of each user; `now` is given with each question.
    package let slots: [Slot]
    package let textSlots: [TextSlot]
    package let tags: TagSet
    package private(set) var userIDs: [String?] = []
    private var ordinals: [String: UInt32] = [:]
    private var free: [UInt32] = []
    /// Bits of the ordinals in use.
    private(set) var live: [UInt64] = []
    private(set) var columns: [Column]
    private(set) var texts: [TextColumn]
    /// Who has each tag, in the order of the tags.
    package private(set) var members: [Bitmap]
    private var places: [Slot: Int] = [:]
    private var textPlaces: [TextSlot: Int] = [:]
    private var tagPlaces: [String: Int] = [:]
    private var registers: [[Double]]
    private var swept = 0
    /// Ordinals that were restored and of which no value was told since.
    private var unconfirmed: Set<UInt32> = []

    /// An index of no users. What the tags need is kept beside the slots given.
    package init(slots: [Slot], textSlots: [TextSlot], tags: TagSet) {
        var own: [Slot] = []
        var ownTexts: [TextSlot] = []
        let expressions = tags.tags.map(\.expression)
        for slot in slots + expressions.flatMap(\.slots)
        where places[slot] == nil && Self.isKept(slot) {
            places[slot] = own.count
            own.append(slot)
        }
        for slot in textSlots + expressions.flatMap(\.textSlots) where textPlaces[slot] == nil {
            textPlaces[slot] = ownTexts.count
            ownTexts.append(slot)
        }
        for (place, tag) in tags.tags.enumerated() { tagPlaces[tag.definition.name] = place }
        self.slots = own
        self.textSlots = ownTexts
        self.tags = tags
        columns = own.map { _ in Column() }
        texts = ownTexts.map { _ in TextColumn() }
        members = expressions.map { _ in Bitmap() }
        registers = expressions.map { $0.program.registers() }
    }

    private static let now = Slot.value("now")

    private static func isKept(_ slot: Slot) -> Bool {
        switch slot {
        case now, .member(TagSet.symbol, _), .size(TagSet.symbol): false
        default: true
        }
    }

    package var count: Int { ordinals.count }

    // MARK: Changes

    /// A user had a tag when somebody held an index last. The next values that are told of the user
    /// say what has changed since; for whom there are none, ``removeUnconfirmed()`` does.
    package mutating func restore(_ userID: String, tag name: String) {
        guard let place = tagPlaces[name] else { return }
        let ordinal = ordinal(of: userID)
        members[place].insert(ordinal)
        unconfirmed.insert(ordinal)
    }

    /// Forgets users who were restored and are no more, but for those of whom that is not known.
    package mutating func removeUnconfirmed(
        where isGone: (String) -> Bool = { _ in true }
    ) -> [MembershipChange] {
        unconfirmed.sorted().compactMap { userIDs[Int($0)] }.filter(isGone)
            .reduce(into: []) { $0 += remove($1) }
    }

    /// Takes the present values of a user, in the order of the slots, and says which tags the user
    /// has gained and lost by it.
    package mutating func update(
        _ userID: String, numbers: [Double], texts values: [String?], nowMs: Int64
    ) -> [MembershipChange] {
        precondition(numbers.count == slots.count && values.count == textSlots.count)
        let ordinal = ordinal(of: userID)
        if !unconfirmed.isEmpty { unconfirmed.remove(ordinal) }
        for (place, value) in numbers.enumerated() { columns[place][Int(ordinal)] = value }
        for (place, value) in values.enumerated() { texts[place].set(Int(ordinal), value) }
        return decide(ordinal, userID, numbers, values, nowMs)
    }

    /// Forgets a user, who leaves every tag.
    package mutating func remove(_ userID: String) -> [MembershipChange] {
        guard let ordinal = ordinals.removeValue(forKey: userID) else { return [] }
        userIDs[Int(ordinal)] = nil
        live[Int(ordinal) / 64] &= ~(1 << UInt64(ordinal % 64))
        free.append(ordinal)
        unconfirmed.remove(ordinal)
        for place in columns.indices { columns[place][Int(ordinal)] = .nan }
        for place in texts.indices { texts[place].set(Int(ordinal), nil) }
        return members.indices.compactMap { place in
            set(place, ordinal, userID, to: false)
        }
    }

    /// The next users whose time-dependent values should be told again, in a circle over all.
    package mutating func sweep(_ most: Int) -> [String] {
        var found: [String] = []
        for _ in 0..<min(userIDs.count, max(most, 0) * 2) where found.count < most {
            if swept >= userIDs.count { swept = 0 }
            if let userID = userIDs[swept] { found.append(userID) }
            swept += 1
        }
        return found
    }

    private mutating func ordinal(of userID: String) -> UInt32 {
        if let known = ordinals[userID] { return known }
        let ordinal: UInt32
        if let old = free.popLast() {
            ordinal = old
            userIDs[Int(old)] = userID
        } else {
            ordinal = UInt32(userIDs.count)
            userIDs.append(userID)
            let rows = userIDs.count
            for place in columns.indices { columns[place].grow(toRows: rows) }
            for place in texts.indices { texts[place].grow(toRows: rows) }
            while live.count * 64 < (rows + Column.chunk - 1) / Column.chunk * Column.chunk {
                live.append(0)
            }
        }
        ordinals[userID] = ordinal
        live[Int(ordinal) / 64] |= 1 << UInt64(ordinal % 64)
        return ordinal
    }

    /// Evaluates every tag for one user.
    private mutating func decide(
        _ ordinal: UInt32, _ userID: String, _ numbers: [Double], _ values: [String?],
        _ nowMs: Int64
    ) -> [MembershipChange] {
        var changes: [MembershipChange] = []
        for place in tags.order {
            let expression = tags.tags[place].expression
            for (register, slot) in expression.slots.enumerated() {
                registers[place][register] =
                    switch slot {
                    case Self.now: Double(nowMs)
                    case .member(TagSet.symbol, let word):
                        tagPlaces[word].map { members[$0].contains(ordinal) ? 1 : 0 } ?? .nan
                    default: places[slot].map { numbers[$0] } ?? .nan
                    }
            }
            let value = expression.program.evaluate(&registers[place]) { text in
                textPlaces[expression.textSlots[text]].flatMap { values[$0] }
            }
            if let change = set(place, ordinal, userID, to: value == 1) { changes.append(change) }
        }
        return changes
    }

    private mutating func set(
        _ place: Int, _ ordinal: UInt32, _ userID: String, to isMember: Bool
    ) -> MembershipChange? {
        guard members[place].contains(ordinal) != isMember else { return nil }
        if isMember { members[place].insert(ordinal) } else { members[place].remove(ordinal) }
        return MembershipChange(
            tag: tags.tags[place].definition.name, userID: userID, hasJoined: isMember)
    }

    // MARK: Parts for questions

    func place(of slot: Slot) -> Int? { places[slot] }
    func place(of slot: TextSlot) -> Int? { textPlaces[slot] }
    func place(ofTag name: String) -> Int? { tagPlaces[name] }

    /// Bytes of all users' values, ordinals and tags, without what the allocator adds.
    package var byteCount: Int {
        let ids = userIDs.reduce(0) { $0 + 16 + max(0, ($1?.utf8.count ?? 0) - 15) }
        // A dictionary's slots are a third empty on the average.
        let table = ordinals.count * 24 * 4 / 3
        return columns.reduce(0) { $0 + $1.byteCount } + texts.reduce(0) { $0 + $1.byteCount }
            + members.reduce(0) { $0 + $1.byteCount } + live.count * 8 + ids + table
    }
}
