/// What came lately, to find what comes once more. Pure.
///
/// There is room for so many keys; then the older half is forgotten together, so that a repetition
/// is found among the last `keysMax / 2` different keys at least. Keys of the group under way count
/// once it is written: what was not written comes again, and is no repetition.
package struct RepeatMemory: Sendable {
    /// An event as one rule sees it.
    package struct Sight: Sendable, Equatable {
        /// Place of the rule.
        package var rule: Int
        /// Hash of the rule's name and of what must be the same.
        package var key: UInt64
        package var timeMs: Int64
        /// How far in time two that are the same may lie apart; nil: however far.
        package var withinMs: Int64?
    }

    package static let keysMax = 1_000_000

    private let halfMax: Int
    /// The time of the newest of each key that was taken.
    private var young: [UInt64: Int64] = [:]
    private var old: [UInt64: Int64] = [:]
    private var pending: [UInt64: Int64] = [:]
    /// In the order in which they came, so that what is forgotten does not depend on hashing.
    private var pendingKeys: [UInt64] = []

    package init(keysMax: Int = Self.keysMax) { halfMax = max(1, keysMax / 2) }

    package var count: Int { young.count + old.count + pending.count }

    /// The rule that has seen this before; nil if none has.
    package func rule(knowing sights: [Sight]) -> Int? {
        sights.first { sight in
            guard let last = pending[sight.key] ?? young[sight.key] ?? old[sight.key] else {
                return false
            }
            guard let withinMs = sight.withinMs else { return true }
            return (sight.timeMs &- last).magnitude <= withinMs.magnitude
        }?.rule
    }

    /// An event was taken into the group under way.
    package mutating func note(_ sights: [Sight]) {
        for sight in sights where pending.updateValue(sight.timeMs, forKey: sight.key) == nil {
            pendingKeys.append(sight.key)
        }
    }

    /// The group is written.
    package mutating func commit() {
        for key in pendingKeys {
            if young.count >= halfMax {
                old = young
                young.removeAll(keepingCapacity: true)
            }
            young[key] = pending[key]
        }
        drop()
    }

    /// The group was given up.
    package mutating func drop() {
        pending.removeAll(keepingCapacity: true)
        pendingKeys.removeAll(keepingCapacity: true)
    }
}
