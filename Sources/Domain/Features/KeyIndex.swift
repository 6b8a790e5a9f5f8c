/// Open-addressing map from a 64-bit key to a slot number, for keys that are hashes already.
package struct KeyIndex: Sendable {
    private var keys: [UInt64]
    /// Slot + 1; 0 is empty.
    private var slots: [UInt32]
    package private(set) var count = 0

    package init(minimumCapacity: Int = 16) {
        var size = 16
        while size < minimumCapacity * 2 { size *= 2 }
        keys = Array(repeating: 0, count: size)
        slots = Array(repeating: 0, count: size)
    }

    @inline(__always)
    package subscript(_ key: UInt64) -> Int? {
        let mask = slots.count - 1
        var at = Self.place(key, mask)
        while slots[at] != 0 {
            if keys[at] == key { return Int(slots[at]) - 1 }
            at = (at + 1) & mask
        }
        return nil
    }

    /// Adds a key that is not there yet.
    package mutating func insert(_ key: UInt64, slot: Int) {
        if (count + 1) * 2 > slots.count { grow() }
        put(key, UInt32(slot + 1))
        count += 1
    }

    /// The low bits of a user's hash are its partition, equal for all users here: mix first.
    @inline(__always)
    private static func place(_ key: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    }

    private mutating func put(_ key: UInt64, _ slot: UInt32) {
        let mask = slots.count - 1
        var at = Self.place(key, mask)
        while slots[at] != 0 { at = (at + 1) & mask }
        keys[at] = key
        slots[at] = slot
    }

    private mutating func grow() {
        let oldKeys = keys
        let oldSlots = slots
        keys = Array(repeating: 0, count: oldKeys.count * 2)
        slots = Array(repeating: 0, count: oldSlots.count * 2)
        for at in oldSlots.indices where oldSlots[at] != 0 { put(oldKeys[at], oldSlots[at]) }
    }
}
