import Foundation
import Glibc
import Randomness
import Runtime
import Synchronization
import System
import TestSupport

extension ChaosFault {
    static var signals: [ChaosFault] {
        RoleKind.allCases.map(killing) + RoleKind.allCases.map(freezing)
            + [slowConsumer, signalStorm, crashLoop]
    }

    private static func killing(_ kind: RoleKind) -> ChaosFault {
        ChaosFault(
            name: "kill-\(kind.rawValue)", weight: 2, spoilsScoring: kind == .scoring
        ) { world, _ in
            guard let pid = world.pid(kind) else { return .missed }
            kill(pid, SIGKILL)
            world.kills += 1
            return Injection(what: "SIGKILL \(pid)", gone: pid)
        }
    }

    private static func freezing(_ kind: RoleKind) -> ChaosFault {
        ChaosFault(name: "freeze-\(kind.rawValue)", spoilsScoring: kind == .scoring) {
            world, dice in
            guard let pid = world.pid(kind) else { return .missed }
            let ms = 100 + dice.below(world.settings.freezeMsMax)
            kill(pid, SIGSTOP)
            return Injection(
                what: "SIGSTOP \(pid) for \(ms) ms", lasts: .milliseconds(ms),
                heal: { kill(pid, SIGCONT) })
        }
    }

    /// Ninety of a hundred milliseconds asleep.
    private static var slowConsumer: ChaosFault {
        ChaosFault(name: "slow-consumer") { world, dice in
            guard let pid = world.pid(.features) else { return .missed }
            let ms = 500 + dice.below(2000)
            let isOver = Flag()
            Thread {
                while !isOver.isSet {
                    kill(pid, SIGSTOP)
                    Clock.pause(.milliseconds(90))
                    kill(pid, SIGCONT)
                    Clock.pause(.milliseconds(10))
                }
            }.start()
            return Injection(
                what: "features awake 10 % for \(ms) ms", lasts: .milliseconds(ms),
                heal: {
                    isOver.set()
                    Clock.pause(.milliseconds(110))
                    kill(pid, SIGCONT)
                })
        }
    }

    /// Signals that must not matter.
    private static var signalStorm: ChaosFault {
        ChaosFault(name: "signal-storm") { world, dice in
            let kind = RoleKind.allCases[dice.below(4)]
            let supervisor = world.cluster.supervisor?.pid
            guard let pid = dice.below(5) == 0 ? supervisor : world.pid(kind) else {
                return .missed
            }
            for _ in 0..<200 {
                for signal in [SIGPIPE, SIGCHLD, SIGWINCH, SIGURG, SIGCONT] { kill(pid, signal) }
            }
            return Injection(what: "1000 signals to \(pid)")
        }
    }

    /// The same role again each time it is back.
    private static var crashLoop: ChaosFault {
        ChaosFault(name: "crash-loop") { world, dice in
            let kinds: [RoleKind] = [.trainer, .features]
            let kind = kinds[dice.below(2)]
            var last: Int32 = -1
            for _ in 0..<4 {
                let next = try? wait(for: "a process", within: .seconds(3)) {
                    world.pid(kind).flatMap { $0 == last ? nil : $0 }
                }
                guard let pid = next else { break }
                kill(pid, SIGKILL)
                world.kills += 1
                last = pid
            }
            return Injection(what: "\(kind) four times", gone: last)
        }
    }
}

/// Told to a thread once.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
