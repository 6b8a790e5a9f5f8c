import Randomness

extension SplitMix64 {
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
