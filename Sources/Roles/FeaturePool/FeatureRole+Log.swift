import Features
import Messages
import Runtime
import Storage
import System

/// Noticing that the log is no longer the one that was folded: ingest came back with one that has
/// lost its end, or another.
extension FeatureRole {
    /// Before an answer is folded. What does not fit is dropped without a commit and opened again,
    /// where the state on disk is compared with the log.
    func compareWithLog(_ fetched: inout Fetched) {
        var strange: Set<Int> = []
        for end in fetched.ends {
            let partition = Int(end.partition)
            if let held = owned[partition], held.fold.appliedOffset > end.offset {
                strange.insert(partition)
            }
        }
        if intake?.isInDoubt == true {
            do {
                strange.formUnion(try unknownToLog())
                intake?.trust()
            } catch {
                environment.log.warning("the log cannot be compared", ["error": "\(error)"])
            }
        }
        guard !strange.isEmpty else { return }
        reopen(strange)
        // What it brought of them begins where they no longer are.
        fetched.blocks.removeAll { strange.contains(Int($0.partition)) }
        fetched.ends.removeAll { strange.contains(Int($0.partition)) }
    }

    /// Partitions whose newest block the log has not, or not as it was folded.
    private func unknownToLog() throws -> Set<Int> {
        let log = try SQLiteEventLog(folder: environment.folder.logFolder, readOnly: true)
        var unknown: Set<Int> = []
        for (partition, held) in owned {
            guard let mark = held.mark else { continue }
            if try !log.holds(mark, of: partition) { unknown.insert(partition) }
        }
        return unknown
    }

    private func reopen(_ partitions: Set<Int>) {
        environment.log.error(
            "the log is not the one that was folded: its partitions are opened again",
            [
                "code": "LOG_CHANGED",
                "partitions": partitions.sorted().map(String.init).joined(separator: ","),
            ])
        for partition in partitions.sorted() {
            guard let held = owned.removeValue(forKey: partition) else { continue }
            _ = take(partition, epoch: held.epoch)
        }
        partitionsChanged(taken: partitions)
        // Whoever holds profiles of them must ask again.
        forgetEverywhere()
        tellHolding()
    }
}
