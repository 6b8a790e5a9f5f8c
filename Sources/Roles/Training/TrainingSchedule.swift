package import ModelTraining
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

    /// Events may still be on their way through the feature workers, so the outboxes must not only
    /// be read to their ends but have grown by less than a hundredth over a window of this length.
    static let window: Duration = .seconds(1)
    private var windowStart: Duration?
    private var windowReceived: UInt64 = 0
    private var isSettled = false

    /// A request waits so long for the outboxes to be read to their ends; then what is there
    /// counts.
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
        // What was quiet before says nothing about what was sent just before the request.
        windowStart = nil
        isSettled = false
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
        observe(received, at: now)
        let isReady = caughtUp && isSettled
        if let since = requestedAt, isReady || now - since > Self.patience {
            return begin(requested, received)
        }
        guard isReady, interactions >= interactionsMin else { return nil }
        let scheduled = every > .zero && now - lastRound >= every && received > receivedThen
        return startsOwed || scheduled ? begin(Set(ModelName.allCases), received) : nil
    }

    private mutating func observe(_ received: UInt64, at now: Duration) {
        if let start = windowStart {
            guard now - start >= Self.window else { return }
            isSettled = (received - windowReceived) * 100 <= received
        }
        windowStart = now
        windowReceived = received
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
