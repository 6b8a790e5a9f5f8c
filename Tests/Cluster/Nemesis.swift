import Foundation
import Glibc
import Messages
import Randomness
import Runtime
import Synchronization
import System
import TestSupport

/// Kills one role after another while somebody else works, each when the cluster is whole again.
final class Nemesis: Sendable {
    struct Kill: Sendable {
        let kind: RoleKind
        let healed: Duration
    }

    private struct State {
        var kills: [Kill] = []
        var failure: String?
        var isDone = false
    }

    private let state = Mutex(State())
    /// How many kills may have begun.
    private let allowed = Atomic<Int>(0)
    private let isAbandoned = Atomic<Bool>(false)

    var kills: [Kill] { state.withLock { $0.kills } }
    var failure: String? { state.withLock { $0.failure } }
    var isDone: Bool { state.withLock { $0.isDone } }

    /// Lets the next kill happen.
    func release(_ count: Int) { allowed.store(count, ordering: .releasing) }
    func abandon() { isAbandoned.store(true, ordering: .releasing) }

    func start(_ folder: DataFolder, seed: UInt64, kills: Int) {
        let thread = Thread { [self] in
            do {
                try run(folder, seed, kills)
            } catch {
                state.withLock { $0.failure = "\(error)" }
            }
            state.withLock { $0.isDone = true }
        }
        thread.start()
    }

    private func run(_ folder: DataFolder, _ seed: UInt64, _ count: Int) throws {
        let probe = try ClusterProbe(folder)
        var dice = SplitMix64(seed: seed)
        for number in 1...count {
            try wait(for: "leave to kill", within: .seconds(60)) {
                if isAbandoned.load(ordering: .acquiring) { throw WaitedInVain(what: "the test") }
                return allowed.load(ordering: .acquiring) >= number ? () : nil
            }
            // Any moment of the work, not only its beginning.
            Clock.pause(.milliseconds(dice.below(150)))
            let kind = RoleKind.allCases[dice.below(RoleKind.allCases.count)]
            let before = try probe.role(kind)
            let started = Clock.monotonic()
            kill(Int32(before.pid), SIGKILL)
            try wait(for: "\(kind) healed", within: .seconds(20)) { () -> Void? in
                guard let status = probe.status(), status.state == "ready" else { return nil }
                let after = status.roles.first { $0.role == kind.rawValue }
                let isNew = after.map { $0.pid != before.pid && $0.state == "ready" } ?? false
                return isNew ? () : nil
            }
            let healed = Clock.monotonic() - started
            state.withLock { $0.kills.append(Kill(kind: kind, healed: healed)) }
        }
    }
}
