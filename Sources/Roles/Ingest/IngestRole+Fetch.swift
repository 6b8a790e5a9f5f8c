import Events
import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Serving the log to those who pull it.
extension IngestRole {
    func take(
        fetch routing: RoutingID, _ header: Header, _ frame: Span<UInt8>, _ body: Range<Int>
    ) -> [UInt8]? {
        do throws(FrameError) {
            let fetch = try Frame.decode(Fetch.self, frame, body: body, header: header)
            guard fetch.stream == .events,
                fetch.positions.allSatisfy({ $0.partition < UInt32(Partitions.all) })
            else {
                return Frame.refuse(
                    header, .badRequest, "stream must be events and partitions 0 to 64")
            }
            for position in fetch.committed {
                backlog.commit(Int(position.partition), position.offset)
            }
            noteReaders(fetch)
            if let refusal = refusal(header, ofCut: fetch) { return refusal }
            let wait = Duration.milliseconds(Int(min(fetch.waitMs, Self.waitMsMax)))
            desk.park(
                FetchDesk.Waiting(
                    routing: routing, header: header, fetch: fetch,
                    until: Clock.monotonic() + wait))
            return nil
        } catch {
            return error.reply
        }
    }

    private static let waitMsMax: UInt32 = 30_000

    /// What one call gives to fetches; the rest is answered in the next turns of the loop, so that
    /// one consumer far behind holds up nobody who sends.
    private static let fetchTurn: Duration = .milliseconds(10)

    /// Answers the fetches that have something to read, and those that waited long enough.
    func answerFetches() {
        let until = Clock.monotonic() + Self.fetchTurn
        while desk.count > 0 {
            let now = Clock.monotonic()
            guard now < until else { return answerFetchesSoon() }
            let due = desk.takeNext(at: now) { fetch in
                fetch.positions.contains { hasMore($0) }
            }
            guard let due else { return }
            answer(due)
        }
    }

    private func answerFetchesSoon() {
        guard !isAnsweringSoon else { return }
        isAnsweringSoon = true
        environment.loop.schedule(after: .zero) { [weak self] in
            self?.assumeIsolated {
                $0.isAnsweringSoon = false
                $0.answerFetches()
            }
        }
    }

    private func answer(_ entry: FetchDesk.Waiting) {
        counts.fetches += 1
        if let refusal = refusal(entry.header, ofCut: entry.fetch) {
            front?.reply(to: entry.routing, refusal)
            return
        }
        let fetched = read(entry.fetch, turn: entry.header.requestID)
        front?.reply(to: entry.routing, Frame.answer(entry.header, fetched))
    }

    /// Whether something can be read there now: while a group is written, that is what memory has.
    private func hasMore(_ position: Position) -> Bool {
        let partition = Int(position.partition)
        return position.offset < ends[partition]
            && !watch.stops(partition, at: position.offset)
            && (!isWriting || tail.covers(partition, from: position.offset))
    }

    /// What a fetch gets that asks for records which were removed.
    private func refusal(_ header: Header, ofCut fetch: Fetch) -> [UInt8]? {
        guard let gone = fetch.positions.first(where: { $0.offset < firsts[Int($0.partition)] })
        else { return nil }
        var reply = ErrorReply()
        reply.code = .offsetOutOfRange
        reply.partition = gone.partition
        reply.firstOffset = firsts[Int(gone.partition)]
        reply.message =
            "partition \(gone.partition) begins at \(reply.firstOffset); \(gone.offset) was removed"
        return Frame.answer(header, reply)
    }

    /// Blocks for the positions in turn until the credit or the look-ups of one read are used, so
    /// that a fetch costs the same however many positions it names.
    private func read(_ fetch: Fetch, turn: UInt64) -> Fetched {
        var fetched = Fetched()
        fetched.stream = .events
        var credit = Int(fetch.creditBytes)
        credit = min(max(credit, 1), environment.configuration.ingest.fetchBytesMax)
        var lookups = StorageLimits.lookupsPerRead
        let count = fetch.positions.count
        // Begin elsewhere each time, so that no partition starves behind a busy one; a reader
        // numbers its fetches.
        let first = count == 0 ? 0 : Int(turn % UInt64(count))
        for step in 0..<count {
            let position = fetch.positions[(first + step) % count]
            let partition = Int(position.partition)
            guard credit > 0, lookups > 0 else { break }
            guard hasMore(position) else { continue }
            let blocks = readable(
                partition, from: position.offset, bytesMax: credit, lookups: &lookups)
            for block in blocks {
                credit -= block.records.count
                fetched.blocks.append(block)
            }
        }
        for position in fetch.positions {
            var end = Position()
            end.partition = position.partition
            // Nothing is there for whoever waits at a damaged place, and nobody is late there.
            let partition = Int(position.partition)
            let stops = watch.stops(partition, at: position.offset)
            end.offset = stops ? position.offset : ends[partition]
            fetched.ends.append(end)
        }
        fetched.traces = marks(in: fetched.blocks)
        return fetched
    }

    /// A partition that cannot be read costs the others of the fetch nothing.
    private func readable(
        _ partition: Int, from offset: UInt64, bytesMax: Int, lookups: inout Int
    ) -> [Block] {
        do throws(StorageError) {
            return try blocks(partition, from: offset, bytesMax: bytesMax, lookups: &lookups)
        } catch {
            if watch.note(error, of: partition, at: offset) {
                backlog.waive(partition)
                environment.log.error(
                    "the log is damaged: its readers wait there, other partitions go on",
                    [
                        "code": "LOG_DAMAGED", "partition": "\(partition)",
                        "offset": "\(offset)", "error": "\(error)",
                    ])
            }
            return []
        }
    }

    /// Whoever has read more than there is has read another log, or this one lost its end.
    private func noteReaders(_ fetch: Fetch) {
        let ahead = fetch.positions.filter { position in
            let partition = Int(position.partition)
            return watch.note(reader: position.offset, of: partition, end: ends[partition])
        }
        guard !ahead.isEmpty else { return }
        environment.log.error(
            "somebody has read more of the log than it holds: it lost its end",
            [
                "code": "LOG_BEHIND",
                "partitions": ahead.map { "\($0.partition)" }.joined(separator: ","),
            ])
    }

    private func blocks(
        _ partition: Int, from offset: UInt64, bytesMax: Int, lookups: inout Int
    ) throws(StorageError) -> [Block] {
        if tail.covers(partition, from: offset) {
            // A block in memory counts like one that is looked up: very small ones are many.
            let found = tail.read(
                partition, from: offset, bytesMax: bytesMax, blocksMax: lookups)
            lookups -= found.count
            return found.map { Self.block(partition, $0.firstOffset, $0.count, $0.records) }
        }
        counts.fetchesFromDisk += 1
        let (found, used) = try log.use { log throws(StorageError) in
            let before = log.lookups
            let found = try log.read(
                partition: partition, from: offset, maxBytes: bytesMax, lookupsMax: lookups
            ).map { Self.block(partition, $0.firstOffset, $0.count, $0.records) }
            return (found, log.lookups - before)
        }
        lookups -= used
        return found
    }

    private static func block(
        _ partition: Int, _ first: UInt64, _ count: Int, _ records: [UInt8]
    ) -> Block {
        var block = Block()
        block.partition = UInt32(partition)
        block.firstOffset = first
        block.count = UInt32(count)
        block.records = records
        return block
    }
}
