/// When a partition is written.
///
/// A change waits `interval` while there is little to do. While events stream in, the interval
/// grows so that writing takes at most an eighth of the worker's time: a user who changes often is
/// then written once for many events. Nothing is at stake meanwhile, because the log has the
/// events.
struct CheckpointPace {
    private let interval: Duration
    private let intervalMax: Duration = .seconds(5)
    /// Smoothed time one commit takes.
    private var commitTime: Duration = .zero
    private let partitions: Int

    init(interval: Duration, partitions: Int) {
        self.interval = interval
        self.partitions = partitions
    }

    /// How long a change may wait at present.
    var currentInterval: Duration {
        min(intervalMax, max(interval, commitTime * partitions * 8))
    }

    /// Whether to write now; `idle` when nothing came for a while, so that writing disturbs nobody,
    /// `moving` while partitions come and go, which wait for whatever else is written.
    func isDue(_ dirtySince: Duration?, at now: Duration, idle: Bool, moving: Bool) -> Bool {
        guard let dirtySince else { return false }
        return now - dirtySince >= (moving ? intervalMax : idle ? interval : currentInterval)
    }

    mutating func note(commitTime taken: Duration) {
        commitTime = (commitTime * 7 + taken) / 8
    }
}
