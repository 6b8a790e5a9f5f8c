import Randomness
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
