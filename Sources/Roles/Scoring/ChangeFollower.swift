/// Follows one worker's numbered announcements and says when some were lost.
package struct ChangeFollower: Sendable, Equatable {
    private var incarnation: UInt64 = 0
    private var sequence: UInt64 = 0
    /// When the worker was last heard, on the monotonic clock; nil = never.
    package private(set) var heardAt: Duration?
    package private(set) var gaps: UInt64 = 0

    /// Silent for longer than this, a worker's beacons cannot vouch for anything.
    package static let silenceMax: Duration = .seconds(3)

    package init() {}

    package enum Action: Sendable, Equatable {
        case none
        /// Anything held of this worker's partitions may be old.
        case forget
    }

    package mutating func hear(
        incarnation: UInt64, sequence: UInt64, at now: Duration
    ) -> Action {
        let follows = incarnation == self.incarnation && sequence == self.sequence &+ 1
        // What was lost in a silence would show as a gap, so only numbers decide.
        self.incarnation = incarnation
        self.sequence = sequence
        heardAt = now
        if follows { return .none }
        gaps += 1
        return .forget
    }

    package func isSilent(at now: Duration) -> Bool {
        guard let heardAt else { return true }
        return now - heardAt > Self.silenceMax
    }
}
