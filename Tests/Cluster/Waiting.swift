import System

struct WaitedInVain: Error, CustomStringConvertible {
    let what: String
    var description: String { "waited in vain for: \(what)" }
}

/// Asks until there is an answer; throws when the deadline has passed.
func wait<T>(
    for what: @autoclosure () -> String, within limit: Duration,
    every: Duration = .milliseconds(10),
    _ condition: () throws -> T?
) throws -> T {
    let deadline = Clock.monotonic() + limit
    while true {
        if let found = try condition() { return found }
        guard Clock.monotonic() < deadline else { throw WaitedInVain(what: what()) }
        Clock.pause(every)
    }
}

/// SplitMix64: the same seed, the same test.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
