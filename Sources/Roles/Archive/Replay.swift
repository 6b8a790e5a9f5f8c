import Events
package import Runtime
import Storage
import System

/// Folds the log of a folder into a new one: all of it, until a moment, or a part.
package struct Replay {
    /// Where to end.
    package enum End: Sendable, Equatable {
        case now
        case moment(timeMs: Int64)
        /// Of the one partition that is replayed.
        case offset(UInt64)
    }

    /// What was made.
    package struct Outcome: Sendable, Equatable {
        package var partitions: [Int]
        package var records: Int
        package var users: Int
        /// True when it can be used as a data folder: log, base, configuration and keys are there.
        package var isDataFolder: Bool
    }

    private let source: DataFolder
    private let target: String
    private let progress: Progress

    package init(
        of source: DataFolder, into target: String, progress: @escaping Progress = { _, _ in }
    ) {
        self.source = source
        self.target = Files.absolute(target)
        self.progress = progress
    }

    /// A data folder with a copy of the log up to `end` and states folded from it.
    package func all(until end: End, threads: Int) throws -> Outcome {
        try make(isDataFolder: true) { folder in
            try Files.remove(folder.configurationFile)
            try Files.copy(source.configurationFile, to: folder.configurationFile)
            try SQLiteEventLog(folder: source.logFolder, readOnly: true)
                .copy(to: folder.eventLogFile)
            let list = "\(source.logFolder)/\(Quarantine.fileName)"
            if Files.exists(list) {
                try Files.copy(list, to: "\(folder.logFolder)/\(Quarantine.fileName)")
            }
            for partition in 0..<Partitions.users {
                try Files.makeFolder(folder.baseFolder)
                _ = try Base(source).copy(of: partition, to: Base(folder).path(partition))
            }
            if case .moment(let timeMs) = end {
                _ = try LogCut(folder).cut(after: timeMs, forgettingProducers: false)
            }
            let ends = try SQLiteEventLog(folder: folder.logFolder).ends()
            let partitions = (0..<Partitions.users).filter { ends[$0] > 0 }
            try StateFolder(folder).rebuild(
                partitions, to: ends, threads: threads, progress: progress)
            return partitions
        }
    }

    /// The states alone, of one partition or of all, without a copy of the log.
    package func states(
        of partition: Int?, from start: UInt64? = nil, until end: End, threads: Int
    ) throws -> Outcome {
        try make(isDataFolder: false) { folder in
            let log = try SQLiteEventLog(folder: source.logFolder, readOnly: true)
            var ends = try log.ends()
            if case .moment(let timeMs) = end { ends = try LogCut.offsets(of: log, at: timeMs) }
            if case .offset(let offset) = end, let partition {
                guard offset <= ends[partition] else {
                    throw ArchiveFailure.refused(
                        "partition \(partition) ends at \(ends[partition])",
                        hint: "choose an offset up to that")
                }
                ends[partition] = offset
            }
            let used = (0..<Partitions.users).filter { ends[$0] > 0 }
            let wanted = partition.map { [$0] } ?? used
            let states = StateFolder(folder, from: source)
            guard let partition, let start else {
                try states.rebuild(wanted, to: ends, threads: threads, progress: progress)
                return wanted
            }
            let (all, progress) = (Int(ends[partition] - min(start, ends[partition])), progress)
            var done = 0
            try states.fold(partition, from: start, to: max(start, ends[partition])) { count in
                done += count
                progress(done, all)
            }
            return wanted
        }
    }

    private func make(
        isDataFolder: Bool, _ body: (DataFolder) throws -> [Int]
    ) throws -> Outcome {
        try NewFolder.require(target)
        guard Files.exists(source.eventLogFile) else {
            throw ArchiveFailure.refused(
                "\(source.path) has no event log yet", hint: "start the cluster once")
        }
        let guardian = try RetentionLock.shared(source)
        defer { withExtendedLifetime(guardian) {} }
        return try NewFolder.make(target) { folder in
            // The same states to the byte: copies of the base are in order, and results compare.
            if Files.exists(source.hashSecretFile) {
                try Files.remove(folder.hashSecretFile)
                try Files.copy(source.hashSecretFile, to: folder.hashSecretFile)
            }
            var outcome = Outcome(
                partitions: try body(folder), records: 0, users: 0, isDataFolder: isDataFolder)
            for partition in outcome.partitions {
                let store = try SQLitePartitionStore(
                    folder: folder.stateFolder, partition: partition)
                outcome.records += Int(try store.appliedOffset())
                outcome.users += try store.userCount()
                try store.settle()
            }
            return outcome
        }
    }
}
