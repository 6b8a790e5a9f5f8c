import Cleaning
import Events
import Identity
import Messages
import Runtime
import Storage

/// Takes batches apart: checks every record, puts the good ones into the buffers of their
/// partitions
/// and remembers what to answer. Pure; nothing is answered before the log has the group on disk.
struct Intake {
    /// What is to become of a batch.
    enum Verdict {
        /// Taken into the group; the result may be sent after the commit.
        case taken(BatchResult)
        /// Taken before: answer with this result, after the group under way is on disk.
        case already(BatchResult)
        /// Nothing was taken.
        case refused(Refusal)
        /// Nothing was taken for now; the same batch is welcome later.
        case later(Admission.Refused)
    }

    /// Where a producer stands, the group under way included.
    struct Standing {
        var epoch: UInt64
        var sequence: UInt64
        /// The key that the name belongs to; nil where it is nobody's yet.
        var owner: String?
    }

    /// What an intake asks of the log.
    struct Held {
        /// A producer's standing; asked once per producer and start.
        var lookUp: (String) throws -> Standing?
        var storedResult: (String, UInt64, UInt64) throws -> [UInt8]?
        /// How many names of producers a key has.
        var namesOf: (String) throws -> Int = { _ in 0 }
    }

    private(set) var buffers: [RecordBuffer] = Array(
        repeating: RecordBuffer(), count: Partitions.all)
    var rejects: [RejectRecord] = []
    private(set) var batches: [ProducerBatch] = []
    private(set) var records = 0
    /// What producers that do not number their batches sent.
    var eventIDs: EventIDMemory
    /// Rejects whose records are in the group under way.
    var retried: [RejectMark] = []
    /// Nil where a crash would be seen anyway, as in tests.
    let poison: PoisonGuard?
    /// Full blocks of the group under way, in order of offsets per partition.
    private var closed: [PendingBlock] = []
    private var standings: [String: Standing] = [:]
    private(set) var names: ProducerNames
    private var items: ItemDirectory
    private var graph: IdentityGraph
    private let linkRules: LinkRules
    /// What the group under way changed of items and links.
    private var undo = GroupUndo()
    /// Nil where no rule is declared.
    private var cleaner: RecordCleaner?
    private(set) var ranges: [Range<Int>] = []

    init(
        items: ItemDirectory,
        eventIDs: EventIDMemory = EventIDMemory(windowMs: 86_400_000, idsMax: 1_000_000),
        poison: PoisonGuard? = nil, graph: IdentityGraph = IdentityGraph(),
        linkRules: LinkRules = LinkRules(), cleaner: RecordCleaner? = nil,
        names: ProducerNames = ProducerNames()
    ) {
        self.names = names
        self.poison = poison
        self.graph = graph
        self.linkRules = linkRules
        self.cleaner = cleaner
        self.items = items
        self.eventIDs = eventIDs
    }

    /// Whether there is nothing to write.
    var isEmpty: Bool { batches.isEmpty && records == 0 && rejects.isEmpty && retried.isEmpty }
    var knownItems: Int { items.count }
    var linkCount: Int { graph.linkCount }
    var rules: [CleaningRule] { cleaner?.plan.rules ?? [] }

    /// Takes one batch that a key sends. `admit` is asked, with producer and bytes, for one that is
    /// new and in turn.
    mutating func take(
        _ frame: Span<UInt8>, body: Range<Int>, sender: String, nowMs: Int64, held: Held,
        admit: (String, Int) -> Admission.Refused? = { _, _ in nil }
    ) throws -> Verdict {
        let batch: BatchFields
        do {
            batch = try BatchFields(frame, body, records: &ranges)
        } catch {
            return .refused(Refusal(.malformedBody, "the batch cannot be decoded: \(error)"))
        }
        if let refusal = refusal(of: batch) { return .refused(refusal) }
        let producer = try frame.text(batch.producer.range)
        cleaner?.begin(source: (try? frame.text(batch.source.range)) ?? "")
        let standing = try standings[producer] ?? held.lookUp(producer)
        if let refusal = try names.refusal(
            of: producer, owner: standing?.owner, by: sender, held: held.namesOf)
        {
            return .refused(refusal)
        }
        if let standing { standings[producer] = standing }
        if batch.sequence == 0 {
            poison?.enter(frame, batch, body)
            defer { poison?.leave() }
            let verdict = takeUnnumbered(frame, batch, producer, sender, nowMs) {
                admit(producer, body.count)
            }
            if case .taken = verdict {
                claim(producer, by: sender, standing ?? Standing(epoch: 0, sequence: 0))
            }
            return verdict
        }
        return try takeNumbered(frame, batch, producer, sender, body, nowMs, standing, held) {
            admit(producer, body.count)
        }
    }

    private mutating func takeNumbered(
        _ frame: Span<UInt8>, _ batch: BatchFields, _ producer: String, _ sender: String,
        _ body: Range<Int>, _ nowMs: Int64, _ known: Standing?, _ held: Held,
        admit: () -> Admission.Refused?
    ) throws -> Verdict {
        let standing =
            Fault.skipDedupe.isOn
            ? Standing(epoch: batch.epoch, sequence: batch.sequence - 1, owner: known?.owner)
            : known
        if let standing {
            if batch.epoch < standing.epoch {
                return .refused(
                    Refusal(
                        .staleEpoch,
                        "epoch \(batch.epoch) of \(producer) is over; \(standing.epoch) began"))
            }
            if batch.epoch == standing.epoch && batch.sequence <= standing.sequence {
                return .already(
                    try result(ofEarlier: batch, producer: producer, held.storedResult))
            }
        }
        let expected = standing.map { $0.epoch == batch.epoch ? $0.sequence + 1 : 1 } ?? 1
        guard batch.sequence == expected else {
            return .refused(
                Refusal(
                    .sequenceGap, "expected sequence \(expected) but got \(batch.sequence)"))
        }
        if let refused = admit() { return .later(refused) }
        poison?.enter(frame, batch, body)
        let result = takeRecords(frame, batch, producer, nowMs)
        poison?.leave()
        claim(
            producer, by: sender,
            Standing(epoch: batch.epoch, sequence: batch.sequence, owner: standing?.owner))
        batches.append(
            ProducerBatch(
                producer: producer, epoch: batch.epoch, sequence: batch.sequence,
                reply: result.encoded(atMost: StorageLimits.replyBytesMax)))
        return .taken(result)
    }

    /// The producer stands there now, and its name is the key's.
    private mutating func claim(_ producer: String, by sender: String, _ standing: Standing) {
        if standing.owner != sender { names.claim(producer, by: sender) }
        standings[producer] = Standing(
            epoch: standing.epoch, sequence: standing.sequence, owner: sender)
    }

    private func refusal(of batch: BatchFields) -> Refusal? {
        if batch.producer.isEmpty || batch.producer.length > RecordLimits.producerBytesMax {
            return Refusal(
                .producerMissing,
                "producer must be a name of 1 to \(RecordLimits.producerBytesMax) bytes")
        }
        if ranges.count > RecordLimits.batchRecordsMax {
            return Refusal(
                .batchTooLarge,
                "\(ranges.count) records; the limit is \(RecordLimits.batchRecordsMax)")
        }
        return nil
    }

    /// The first result of a batch that is durable, or in the group that is about to be.
    private func result(
        ofEarlier batch: BatchFields, producer: String,
        _ storedResult: (String, UInt64, UInt64) throws -> [UInt8]?
    ) throws -> BatchResult {
        let pending = batches.last {
            $0.producer == producer && $0.epoch == batch.epoch && $0.sequence == batch.sequence
        }
        let stored = try pending?.reply ?? storedResult(producer, batch.epoch, batch.sequence)
        var result = BatchResult()
        if let stored, let first = try? BatchResult(decoding: stored) {
            result = first
        } else {
            // Older than what is kept: it is certain that it was taken, not how each record fared.
            result.sequence = batch.sequence
            result.duplicates = UInt32(ranges.count)
        }
        result.already = true
        return result
    }

    private mutating func takeRecords(
        _ frame: Span<UInt8>, _ batch: BatchFields, _ producer: String, _ nowMs: Int64
    ) -> BatchResult {
        let validation = Validation(nowMs: nowMs)
        var result = BatchResult()
        result.sequence = batch.sequence
        for (index, range) in ranges.enumerated() {
            if let poison, poison.begins(index, frame, range) {
                reject(frame, batch, producer, index, PoisonGuard.refusal, nowMs, &result)
                continue
            }
            let refusal: Refusal?
            switch clean(frame, range) {
            case .asItWas: refusal = take(frame, range, validation, nowMs)
            case .changed(let bytes):
                refusal = take(bytes.span, 0..<bytes.count, validation, nowMs)
            case .refused(let why): refusal = why
            case .repeated:
                result.duplicates += 1
                continue
            }
            if let refusal {
                reject(frame, batch, producer, index, refusal, nowMs, &result)
            } else {
                noteTaken()
                result.accepted += 1
            }
        }
        return result
    }

    /// A record as the rules of cleaning leave it.
    mutating func clean(_ frame: Span<UInt8>, _ range: Range<Int>) -> RecordCleaner.Outcome {
        cleaner?.clean(frame, range) ?? .asItWas
    }

    /// The record that was cleaned last is taken.
    mutating func noteTaken() { cleaner?.remember() }

    /// The group that was taken last is on disk.
    mutating func noteWritten() {
        undo = GroupUndo()
        cleaner?.endGroup(isWritten: true)
    }

    /// Puts one record of a batch aside with the reason.
    mutating func reject(
        _ frame: Span<UInt8>, _ batch: BatchFields, _ producer: String, _ index: Int,
        _ refusal: Refusal, _ nowMs: Int64, _ result: inout BatchResult
    ) {
        result.rejected += 1
        var reject = Reject()
        reject.index = UInt32(index)
        reject.code = refusal.code
        reject.message = refusal.message
        result.rejects.append(reject)
        rejects.append(
            RejectRecord(
                producer: producer, epoch: batch.epoch, sequence: batch.sequence,
                index: index, code: Int(refusal.code.rawValue), message: refusal.message,
                record: frame.array(ranges[index]), receivedMs: nowMs))
    }

    /// Takes one record; returns why not.
    mutating func take(
        _ frame: Span<UInt8>, _ range: Range<Int>, _ validation: Validation, _ nowMs: Int64
    ) -> Refusal? {
        let record: RecordFields
        do {
            record = try RecordFields(frame, range)
        } catch {
            return error == .badUTF8
                ? Refusal(.textNotUtf8, "a text is not valid UTF-8")
                : Refusal(.recordMalformed, "the record cannot be decoded: \(error)")
        }
        switch record.content {
        case .event:
            if let refusal = validation.refusal(of: record.event) { return refusal }
            put(event: record, frame, range, nowMs)
        case .item:
            guard let item = try? Item(decoding: frame.part(record.body)) else {
                return Refusal(.recordMalformed, "the item cannot be decoded")
            }
            if let refusal = validation.refusal(of: item) { return refusal }
            put(record, frame, partition: Partitions.catalogue, nowMs)
            undo.items.append(items.put(item))
        case .user:
            guard let user = try? User(decoding: frame.part(record.body)) else {
                return Refusal(.recordMalformed, "the user cannot be decoded")
            }
            if let refusal = validation.refusal(of: user) { return refusal }
            put(record, frame, partition: Partitions.partition(ofUser: user.userID), nowMs)
        case .link:
            guard let link = try? Link(decoding: frame.part(record.body)) else {
                return Refusal(.recordMalformed, "the link cannot be decoded")
            }
            if let refusal = linkRules.refusal(of: link, in: graph) { return refusal }
            // With the items: one order for all of them, which everybody reads.
            put(record, frame, partition: Partitions.catalogue, nowMs)
            undo.links += graph.applied(link)
        default:
            return Refusal(.recordEmpty, "the record holds no event, item, user or link")
        }
        return nil
    }

    private mutating func put(
        event record: RecordFields, _ frame: Span<UInt8>, _ range: Range<Int>, _ nowMs: Int64
    ) {
        let hash = XXH64.hash(frame, in: record.event.userID.range)
        let partition = Partitions.partition(ofHash: hash)
        let item = record.event.itemID.isEmpty ? nil : items.entry(frame, record.event.itemID.range)
        put(record, frame, partition: partition, nowMs, item)
    }

    @inline(__always)
    private mutating func put(
        _ record: RecordFields, _ frame: Span<UInt8>, partition: Int, _ nowMs: Int64,
        _ item: ItemDirectory.Entry? = nil
    ) {
        let category = item?.category ?? []
        let brand = item?.brand ?? []
        buffers[partition].bytes.appendRecord(
            record.content, frame, record.body.range, receivedMs: nowMs,
            category: category.span, brand: brand.span, price: item?.price ?? 0)
        buffers[partition].count += 1
        if buffers[partition].bytes.count >= Self.blockBytesMax { close(partition) }
        records += 1
    }

    /// A fetch answers with whole blocks, so a block must be small beside a frame (4 MiB).
    static let blockBytesMax = 512 << 10

    /// Ends the block of a partition; the next record begins another.
    private mutating func close(_ partition: Int) {
        guard buffers[partition].count > 0 else { return }
        closed.append(
            PendingBlock(
                partition: partition, count: buffers[partition].count,
                records: buffers[partition].bytes))
        // The next block will be about as large, and growing to that would copy it several times.
        let bytes = buffers[partition].bytes.count
        buffers[partition] = RecordBuffer()
        buffers[partition].bytes.reserveCapacity(min(bytes + bytes / 4, Self.blockBytesMax))
    }

    /// The group for the log; the intake is empty afterwards.
    mutating func takeGroup() -> Group {
        for partition in buffers.indices { close(partition) }
        defer {
            closed = []
            rejects = []
            retried = []
            batches = []
            records = 0
        }
        return Group(
            blocks: closed, batches: batches, rejects: rejects, records: records,
            eventIDs: eventIDs.runs, retried: retried, claims: names.take(),
            cleaning: cleaner?.takeCounts() ?? CleaningCounts())
    }

    /// Forgets producers that the log has forgotten, unless something of theirs is under way.
    mutating func forget(producers: [String]) {
        let busy = Set(batches.map(\.producer) + names.claims.map(\.producer))
        for name in producers where !busy.contains(name) { standings[name] = nil }
    }

    /// A group could not be written: everything is as if it had never come. Later records must
    /// not be stamped or judged by what was refused. Where its producers stand, the log is asked
    /// again.
    mutating func forget(_ group: Group) {
        eventIDs.drop()
        undo.takeBack(&items, &graph)
        cleaner?.endGroup(isWritten: false)
        for batch in group.batches { standings[batch.producer] = nil }
        for claim in group.claims { standings[claim.producer] = nil }
    }
}

/// Records of one partition in the making.
struct RecordBuffer {
    var count = 0
    var bytes: [UInt8] = []
}

/// What one commit writes.
struct Group: Sendable {
    var blocks: [PendingBlock]
    var batches: [ProducerBatch]
    var rejects: [RejectRecord]
    var records: Int
    /// Ids of events without a number that this group brings.
    var eventIDs: [EventIDMemory.Run] = []
    var retried: [RejectMark] = []
    /// Names that belong to a key from now on.
    var claims: [ProducerClaim] = []
    var cleaning = CleaningCounts()
}
