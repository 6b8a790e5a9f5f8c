import Events
import Features
import Messages
import System

/// What each part of a user's state costs: time per event, and bytes in the stored state.
///
/// Each part is applied alone to the same events in memory, after a first round that makes the
/// states; what reading the event and finding the user takes is measured apart and taken off.
struct FeatureCostBench {
    var events = 1_000_000
    var users = 100_000

    struct Cost {
        var name: String
        var nanoseconds: Double
        /// Of a stored state, over one that has had no event; 0 where it has no part of its own.
        var storedBytes: Double
    }

    struct Report {
        var parts: [Cost]
        var readNanoseconds: Double
        /// The fold of a worker, everything in it.
        var foldNanoseconds: Double
        var stateBytes: Double
        /// A vector of all features.
        var vectorNanoseconds: Double
    }

    func run() throws -> Report {
        let stream = BenchEvents(
            BenchEvents.Shape(users: users, startMs: Clock.wallMs() - Int64(events) * 2))
        let read = try time(stream, part: nil)
        let empty = UserState(userID: "user-00000").encoded().count
        let parts = try FoldPart.allCases.map { part in
            let measured = try time(stream, part: part)
            let bytes = measured.states.reduce(0) { $0 + $1.state.encoded().count - empty }
            return Cost(
                name: part.rawValue, nanoseconds: max(0, measured.each - read.each),
                storedBytes: Double(bytes) / Double(max(1, measured.states.count)))
        }
        let whole = try PipelineLimits(events: events, users: users, batchRecords: 500).run()
        return Report(
            parts: parts, readNanoseconds: read.each,
            foldNanoseconds: whole.foldSeconds / Double(whole.events) * 1e9,
            stateBytes: Double(whole.stateBytes) / Double(max(1, whole.users)),
            vectorNanoseconds: try vectors(stream))
    }

    private func time(
        _ stream: BenchEvents, part: FoldPart?
    ) throws -> (each: Double, states: [PartlyFolded]) {
        var states: [PartlyFolded] = []
        var index = KeyIndex(minimumCapacity: users)
        var names = PartlyFolded.Names()
        var ranges: [Range<Int>] = []
        var spent: Int64 = 0
        var done = 0
        let rounds = max(2, events / (stream.batches.count * stream.recordsPerBatch) + 1)
        for round in 0..<rounds {
            for batch in stream.batches {
                let bytes = batch.span
                _ = try BatchFields(bytes, 0..<bytes.count, records: &ranges)
                let began = Clock.monotonicNs()
                for range in ranges {
                    let record = try RecordFields(bytes, range)
                    let hash = XXH64.hash(bytes, in: record.event.userID.range)
                    let slot: Int
                    if let known = index[hash] {
                        slot = known
                    } else {
                        slot = states.count
                        states.append(PartlyFolded(userID: bytes.text(record.event.userID)))
                        index.insert(hash, slot: slot)
                    }
                    if let part {
                        states[slot].apply(part, of: record, in: bytes, names: &names)
                    }
                }
                // The first round makes states, which is no part's cost.
                guard round > 0 else { continue }
                spent += Int64(Clock.monotonicNs() - began)
                done += ranges.count
            }
        }
        return (Double(spent) / Double(max(1, done)), states)
    }

    private func vectors(_ stream: BenchEvents) throws -> Double {
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: .standard,
            keys: .open)
        var changed: [UInt64] = []
        var ranges: [Range<Int>] = []
        for batch in stream.batches.prefix(40) {
            _ = try BatchFields(batch.span, 0..<batch.count, records: &ranges)
            var block: [UInt8] = []
            for range in ranges {
                let record = try RecordFields(batch.span, range)
                block.appendRecord(
                    record.content, batch.span, record.body.range, stamp: Stamp())
            }
            try fold.fold(
                block.span, firstOffset: fold.appliedOffset, changed: &changed,
                load: { _ in nil })
        }
        let states = fold.table.states
        var sum: Float = 0
        let began = Clock.monotonicNs()
        for state in states { sum += state.features(asOfMs: fold.newestMs)[0] }
        let spent = Double(Clock.monotonicNs() - began)
        return sum < 0 ? 0 : spent / Double(max(1, states.count))
    }
}

extension CommandLineTool {
    /// What each part of a state costs.
    static func benchFeatures(_ invocation: Invocation) throws -> ExitCode {
        var bench = FeatureCostBench()
        bench.events = try invocation.number("events", default: 1_000_000, in: 1_000...100_000_000)
        bench.users = try invocation.number("users", default: 100_000, in: 1...100_000_000)
        let report = try bench.run()
        let terminal = invocation.terminal
        guard !invocation.wantsJSON else {
            terminal.print(json(report))
            return .success
        }
        var table = Table([
            .init("part of the state"), .init("ns per event", .right),
            .init("bytes stored per user", .right),
        ])
        table.add(["read the event, find the user", Format.decimal(report.readNanoseconds, 0), ""])
        for part in report.parts {
            table.add([
                part.name, Format.decimal(part.nanoseconds, 0),
                Format.decimal(part.storedBytes, 0),
            ])
        }
        table.add([
            "everything, as a worker folds", Format.decimal(report.foldNanoseconds, 0),
            Format.decimal(report.stateBytes, 0),
        ])
        terminal.print(
            "\(Format.count(bench.events)) events of \(Format.count(bench.users)) users, "
                + "in memory, one thread")
        terminal.print(table.rendered(on: terminal))
        terminal.print(
            "Each part alone waits for memory; a worker looks ahead, so the whole is less than the "
                + "sum.")
        terminal.print(
            "a vector of \(FeatureCatalogue.count) features: "
                + "\(Format.decimal(report.vectorNanoseconds / 1000, 1)) µs, at each new session")
        return .success
    }

    private static func json(_ report: FeatureCostBench.Report) -> JSONValue {
        .object([
            ("read_ns", .number(report.readNanoseconds)),
            (
                "parts",
                .array(
                    report.parts.map {
                        .object([
                            ("name", .string($0.name)), ("ns", .number($0.nanoseconds)),
                            ("stored_bytes", .number($0.storedBytes)),
                        ])
                    })
            ), ("fold_ns", .number(report.foldNanoseconds)),
            ("state_bytes", .number(report.stateBytes)),
            ("vector_ns", .number(report.vectorNanoseconds)),
        ])
    }
}
