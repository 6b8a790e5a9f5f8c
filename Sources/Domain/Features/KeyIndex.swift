/// Open-addressing map from a 64-bit key to a slot number, for keys that are hashes already.
///
/// Places are spread by a number that differs from process to process, as those of a dictionary do;
/// nothing that is kept depends on it. So even keys that somebody chose do not meet.
package struct KeyIndex: Sendable {
    private var keys: [UInt64]
    /// Slot + 1; 0 is empty.
    private var slots: [UInt32]
    /// Highest bits of a product that make a place.
    private var shift: UInt64
    private let factor: UInt64
    package private(set) var count = 0

    // A random odd number: Dietzfelbinger and others, "A Reliable Randomized Algorithm for the
    // Closest-Pair Problem", 1997.
    private static let factor = UInt64(bitPattern: Int64(Hasher().finalize())) | 1

    package init(minimumCapacity: Int = 16) {
        var bits: UInt64 = 4
        while 1 << Int(bits) < minimumCapacity * 2 { bits += 1 }
        keys = Array(repeating: 0, count: 1 << Int(bits))
        slots = Array(repeating: 0, count: 1 << Int(bits))
        shift = 64 - bits
        factor = Self.factor
    }

    @inline(__always)
    package subscript(_ key: UInt64) -> Int? {
        let mask = slots.count - 1
        var at = place(key)
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

    /// Places looked at to find a key.
    package func probes(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var at = place(key)
        var probes = 1
        while slots[at] != 0, keys[at] != key {
            at = (at + 1) & mask
            probes += 1
        }
        return probes
    }

    @inline(__always)
    private func place(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* factor) >> shift)
    }

    private mutating func put(_ key: UInt64, _ slot: UInt32) {
        let mask = slots.count - 1
        var at = place(key)
        while slots[at] != 0 { at = (at + 1) & mask }
        keys[at] = key
        slots[at] = slot
    }

    private mutating func grow() {
        let oldKeys = keys
        let oldSlots = slots
        keys = Array(repeating: 0, count: oldKeys.count * 2)
        slots = Array(repeating: 0, count: oldSlots.count * 2)
        shift -= 1
        for at in oldSlots.indices where oldSlots[at] != 0 { put(oldKeys[at], oldSlots[at]) }
    }
}
