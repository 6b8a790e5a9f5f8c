import Messages
import Randomness

/// A stream of events that costs nothing to make while it is measured: batches encoded beforehand,
/// sent again and again with moving times. Deterministic by seed.
struct BenchEvents {
    struct Shape {
        var users = 100_000
        var items = 5_000
        var batchRecords = 500
        var distinctBatches = 400
        var seed: UInt64 = 1
        /// Unix time of the first event.
        var startMs: Int64
    }

    private(set) var batches: [[UInt8]] = []
    let recordsPerBatch: Int
    /// Mean size of an encoded event.
    private(set) var bytesPerRecord = 0.0

    init(_ shape: Shape) {
        recordsPerBatch = shape.batchRecords
        var random = SplitMix64(seed: shape.seed)
        var timeMs = shape.startMs
        var bytes = 0
        for _ in 0..<shape.distinctBatches {
            var batch: [UInt8] = []
            for _ in 0..<shape.batchRecords {
                timeMs += 2
                var event = Event()
                event.userID = "user-\(random.below(shape.users))"
                let item = min(random.below(shape.items), random.below(shape.items))
                event.itemID = "item-\(item)"
                event.category = "department-\(item % 12)/shelf-\(item % 60)"
                event.brand = "brand-\(item % 40)"
                event.price = Double(100 + item % 9000) / 100
                let dice = random.below(100)
                event.type =
                    dice < 85 ? .view : dice < 93 ? .cartAdd : dice < 96 ? .favourite : .purchase
                event.timeMs = timeMs
                var record = Record()
                record.content = .event(event)
                batch.write(5, record)
            }
            bytes += batch.count
            batches.append(batch)
        }
        bytesPerRecord = Double(bytes) / Double(shape.distinctBatches * shape.batchRecords)
    }
}
