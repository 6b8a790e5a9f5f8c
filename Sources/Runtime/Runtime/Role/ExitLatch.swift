import Synchronization
import System

/// Where the main thread waits for the exit code. It also watches the lifeline, since a stuck loop
/// cannot: an orphan must end even then.
package final class ExitLatch: Sendable {
    private let bell: Doorbell
    private let code = Atomic<Int32>(-1)

    package init() throws(StartFailure) {
        do throws(SystemError) {
            bell = try Doorbell()
        } catch {
            throw StartFailure(.temporary, "cannot make a pipe: \(error)")
        }
    }

    /// Sets the code once; later calls change nothing.
    package func finish(_ exit: Int32) {
        if code.compareExchange(expected: -1, desired: exit, ordering: .relaxed).exchanged {
            bell.ring()
        }
    }

    /// Blocks until there is a code, or the lifeline has been cut for twice the grace.
    package func wait(lifeline: Int32, grace: Duration) -> Int32 {
        var orphanedAt: Duration?
        while true {
            if bell.wait(.milliseconds(500)) { return code.load(ordering: .relaxed) }
            guard lifeline >= 0, Descriptor.isHungUp(lifeline) else { continue }
            let since = orphanedAt ?? Clock.monotonic()
            orphanedAt = since
            if Clock.monotonic() - since > grace * 2 { return ExitClass.temporary.rawValue }
        }
    }
}
