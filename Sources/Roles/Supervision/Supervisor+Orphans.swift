import Runtime
import System
import ZeroMQ

/// What roles started themselves and left behind.
extension Supervisor {
    private static let orphansEvery: Duration = .seconds(1)

    /// Only in a process of its own: inside a test the others' children are not ours.
    package func adoptOrphans() {
        guard Orphans.adopt() else { return log.warning("orphans cannot be taken in") }
        loop.schedule(after: Self.orphansEvery, repeating: Self.orphansEvery) {
            self.assumeIsolated { $0.endOrphans() }
        }
    }

    private func endOrphans() {
        let own = Set(table.children.values.map(\.pid))
        for pid in Orphans.children() where !own.contains(pid) && Orphans.end(pid) {
            orphansEnded += 1
            log.warning("ended what a role left behind", ["pid": "\(pid)"])
        }
    }
}
