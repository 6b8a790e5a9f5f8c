package import Runtime
package import Storage

/// Reads all of the log and says what of it is not as it was written.
package struct LogVerification: Sendable {
    private let folder: DataFolder

    package init(_ folder: DataFolder) { self.folder = folder }

    package struct Outcome: Sendable {
        package var groups = 0
        package var damages: [LogDamage] = []
        /// Which log it is; nil in one that no present program has written.
        package var identity: LogIdentity?
    }

    package func run(progress: @escaping Progress = { _, _ in }) throws -> Outcome {
        let guardian = try RetentionLock.shared(folder)
        defer { withExtendedLifetime(guardian) {} }
        let log = try SQLiteEventLog(folder: folder.logFolder, readOnly: true)
        var outcome = Outcome(identity: try log.identity())
        let damages = try log.damages { done, all in
            outcome.groups = all
            progress(done, all)
        }
        outcome.damages = damages
        return outcome
    }
}
