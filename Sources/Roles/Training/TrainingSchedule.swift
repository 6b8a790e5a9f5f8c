package import Runtime

/// When to train what: on start, on schedule, on demand; never two rounds at once.
package struct TrainingSchedule: Sendable {
    private let every: Duration
    private let interactionsMin: Int
    private var startsOwed: Bool
    private var lastRound: Duration
    private var receivedThen: UInt64 = 0
    private var requested: Set<ModelName> = []
    private var requestedAt: Duration?
    package private(set) var isTraining = false

    /// A request waits so long for the outboxes to be read to their ends; then what is there counts.
    static let patience: Duration = .seconds(20)

    package init(settings: Configuration.Trainer, now: Duration) {
        every = settings.every
        interactionsMin = settings.minInteractions
        startsOwed = settings.onStart
        lastRound = now
    }

    /// Nothing runs and nothing is asked for.
    package var isIdle: Bool { !isTraining && requested.isEmpty }

    package mutating func request(_ names: Set<ModelName>, at now: Duration) {
        requested.formUnion(names)
        if requestedAt == nil { requestedAt = now }
    }

    package mutating func finished(at now: Duration) {
        isTraining = false
        lastRound = now
    }

    /// What to train now, if anything; a round counts as begun when this names it.
    package mutating func due(
        at now: Duration, caughtUp: Bool, interactions: Int, received: UInt64
    ) -> Set<ModelName>? {
        if isTraining { return nil }
        if let since = requestedAt, caughtUp || now - since > Self.patience {
            return begin(requested, received)
        }
        guard caughtUp, interactions >= interactionsMin else { return nil }
        let scheduled = every > .zero && now - lastRound >= every && received > receivedThen
        return startsOwed || scheduled ? begin(Set(ModelName.allCases), received) : nil
    }

    private mutating func begin(_ names: Set<ModelName>, _ received: UInt64) -> Set<ModelName> {
        isTraining = true
        startsOwed = false
        receivedThen = received
        if names.isSuperset(of: requested) {
            requested = []
            requestedAt = nil
        }
        return names
    }
}
