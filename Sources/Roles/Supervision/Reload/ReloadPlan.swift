package import Runtime

/// What a changed configuration means for a running cluster: pure.
package struct ReloadPlan: Sendable, Equatable {
    package enum Effect: Sendable, Equatable {
        /// Holds from now on.
        case atOnce
        /// Processes are added or retired.
        case scales(RoleKind)
        /// Processes of these kinds are started anew, one after the other.
        case restarts([RoleKind])
        /// Only a new supervisor reads it.
        case whole
    }

    package struct Change: Sendable, Equatable {
        package let key: String
        package let from: String
        package let to: String
        package let effect: Effect
    }

    package let changes: [Change]

    package init(from old: Configuration, to new: Configuration) {
        let before = Dictionary(old.keys.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        changes = new.keys.compactMap { key, value in
            guard let past = before[key], past != value else { return nil }
            return Change(key: key, from: past, to: value, effect: Self.effect(of: key))
        }
    }

    /// Roles that must be started anew, in the order of starting.
    package var restarts: [RoleKind] {
        let wanted = changes.flatMap { change -> [RoleKind] in
            if case .restarts(let kinds) = change.effect { kinds } else { [] }
        }
        return RoleKind.allCases.filter { wanted.contains($0) }
    }

    /// For people: one line per changed key.
    package var lines: [String] {
        changes.isEmpty
            ? ["nothing has changed"]
            : changes.map { "\($0.key): \($0.from) → \($0.to): \(Self.words($0.effect))" }
    }

    private static func words(_ effect: Effect) -> String {
        switch effect {
        case .atOnce: "holds at once"
        case .scales(let kind): "\(kind.rawValue) processes are added or retired"
        case .restarts(let kinds):
            "restarts \(kinds.map(\.rawValue).joined(separator: ", ")), one process at a time"
        case .whole: "needs a restart of limn-supervisor"
        }
    }

    /// The first entry that the key begins with decides.
    static func effect(of key: String) -> Effect {
        effects.first { key == $0.prefix || key.hasPrefix($0.prefix + ".") }?.effect ?? .whole
    }

    private static let effects: [(prefix: String, effect: Effect)] = [
        ("supervisor", .atOnce),
        ("log.level", .atOnce),
        ("log", .restarts(RoleKind.allCases)),
        ("ingest", .restarts([.ingest])),
        ("retention.outboxEntries", .restarts([.features])),
        ("retention", .restarts([.ingest])),
        ("scaling", .atOnce),
        ("features.workersMax", .atOnce),
        ("features.workers", .scales(.features)),
        ("features", .restarts([.features])),
        ("cleaning", .restarts([.ingest])),
        ("tags", .restarts([.trainer, .scoring])),
        ("audiences", .restarts([.trainer])),
        ("risk", .restarts([.trainer, .scoring])),
        // Scoring weighs a user's history as the trainer does.
        ("trainer.weights", .restarts([.trainer, .scoring])),
        ("trainer", .restarts([.trainer])),
        ("scoring.processesMax", .atOnce),
        ("scoring.processes", .scales(.scoring)),
        ("scoring", .restarts([.scoring])),
    ]
}
