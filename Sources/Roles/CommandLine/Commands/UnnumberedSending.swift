import Messages
import System

/// Batches without a number: whoever sends one again, for whatever reason, counts nothing twice,
/// because ingest knows the events by their ids.
enum UnnumberedSending {
    private static let batchRecords = 500
    private static let patience: Duration = .seconds(60)

    static func send(
        _ records: [Record], _ invocation: Invocation
    ) throws(CommandFailure) -> Tally {
        let cluster = try invocation.cluster()
        var tally = Tally()
        for start in stride(from: 0, to: records.count, by: batchRecords) {
            var batch = EventBatch()
            batch.producer = invocation.text("producer") ?? "limn-send"
            batch.source = "send"
            batch.records = Array(records[start..<min(start + batchRecords, records.count)])
            let result = try ask(cluster, batch)
            tally.sent += batch.records.count
            tally.accepted += Int(result.accepted)
            tally.duplicates += Int(result.duplicates)
            tally.rejected += Int(result.rejected)
            for reject in result.rejects where tally.reasons.count < 5 {
                tally.reasons.append("\(reject.code.name): \(reject.message)")
            }
        }
        return tally
    }

    private static func ask(
        _ cluster: any Cluster, _ batch: EventBatch
    ) throws(CommandFailure) -> BatchResult {
        let deadline = Clock.monotonic() + patience
        while true {
            do throws(CommandFailure) {
                return try cluster.ask(.ingest, batch, as: BatchResult.self, timeoutMs: 5_000)
            } catch {
                guard error.exit == .tryAgain, Clock.monotonic() < deadline else { throw error }
            }
            Clock.pause(.milliseconds(500))
        }
    }
}
