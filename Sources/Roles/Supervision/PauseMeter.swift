import System

/// How long moved partitions paused: from the order to let go until the new owner had its first
/// answer from the log.
package struct PauseMeter: Sendable, Equatable {
    package private(set) var moves: UInt64 = 0
    package private(set) var last: Duration = .zero
    package private(set) var longest: Duration = .zero
    /// Moves that took longer than ``bound``.
    package private(set) var overBound: UInt64 = 0
    /// The longest of each part: until the old owner let go, until the new one had it, until that
    /// one's first answer.
    package private(set) var releaseMax: Duration = .zero
    package private(set) var takeMax: Duration = .zero
    package private(set) var serveMax: Duration = .zero
    private var recent: [Duration] = []

    /// What a pause should stay under.
    package static let bound: Duration = .milliseconds(200)
    private static let recentMax = 512

    package init() {}

    mutating func note(_ release: Duration, _ take: Duration, _ serve: Duration) {
        let pause = release + take + serve
        releaseMax = max(releaseMax, release)
        takeMax = max(takeMax, take)
        serveMax = max(serveMax, serve)
        if recent.count < Self.recentMax {
            recent.append(pause)
        } else {
            recent[Int(moves % UInt64(Self.recentMax))] = pause
        }
        moves += 1
        last = pause
        longest = max(longest, pause)
        if pause > Self.bound { overBound += 1 }
    }

    /// Of the newest 512 moves.
    package func quantile(_ share: Double) -> Duration {
        let sorted = recent.sorted()
        guard !sorted.isEmpty else { return .zero }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
}
