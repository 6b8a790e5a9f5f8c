/// SplitMix64, so that a failing seed can be run again.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Bytes with a few random changes: flips, cuts, repeats.
    mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let place = Int.random(in: 0...changed.count, using: &self)
            let end = min(changed.count, place + Int.random(in: 0...8, using: &self))
            switch Int.random(in: 0..<5, using: &self) {
            case 0: changed.insert(UInt8.random(in: 0...255, using: &self), at: place)
            case 1: changed.removeSubrange(place..<end)
            case 2: changed.insert(contentsOf: changed[place..<end], at: place)
            case 3: changed.append(contentsOf: bytes)
            default:
                if place < changed.count { changed[place] = .random(in: 0...255, using: &self) }
            }
        }
        return changed
    }
}
