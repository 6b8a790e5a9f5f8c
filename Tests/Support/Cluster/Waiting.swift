import System

/// What a harness cannot do or finds broken, in words.
package struct HarnessFailure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

package struct WaitedInVain: Error, CustomStringConvertible {
    package let what: String
    package init(what: String) { self.what = what }
    package var description: String { "waited in vain for: \(what)" }
}

/// Asks until there is an answer; throws when the deadline has passed.
package func wait<T>(
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
package struct Dice {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    package mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
