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

    /// Answers the fetches that have something to read, and those that waited long enough.
    func answerFetches() {
        guard desk.count > 0 else { return }
        let due = desk.takeDue(at: Clock.monotonic()) { fetch in
            fetch.positions.contains { hasMore($0) }
        }
        for entry in due {
            counts.fetches += 1
            if let refusal = refusal(entry.header, ofCut: entry.fetch) {
                front?.reply(to: entry.routing, refusal)
                continue
            }
            do {
                let fetched = try read(entry.fetch)
                front?.reply(to: entry.routing, Frame.answer(entry.header, fetched))
            } catch {
                front?.reply(
                    to: entry.routing,
                    Frame.refuse(
                        entry.header, .storageFailed, "\(error)", retryAfterMs: 1000))
            }
        }
    }

    /// Whether something can be read there now: while a group is written, that is what memory has.
    private func hasMore(_ position: Position) -> Bool {
        let partition = Int(position.partition)
        return position.offset < ends[partition]
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

    /// Blocks for the positions in turn until the credit is used; the next fetch goes on from
    /// there.
    private func read(_ fetch: Fetch) throws -> Fetched {
        var fetched = Fetched()
        fetched.stream = .events
        var credit = Int(fetch.creditBytes)
        credit = min(max(credit, 1), environment.configuration.ingest.fetchBytesMax)
        let count = fetch.positions.count
        // Begin elsewhere each time, so that no partition starves behind a busy one.
        fetchTurn = count == 0 ? 0 : (fetchTurn + 7) % count
        for step in 0..<count {
            let position = fetch.positions[(fetchTurn + step) % count]
            let partition = Int(position.partition)
            guard credit > 0, hasMore(position) else { continue }
            for block in try blocks(partition, from: position.offset, bytesMax: credit) {
                credit -= block.records.count
                fetched.blocks.append(block)
            }
        }
        for position in fetch.positions {
            var end = Position()
            end.partition = position.partition
            end.offset = ends[Int(position.partition)]
            fetched.ends.append(end)
        }
        fetched.traces = marks(in: fetched.blocks)
        return fetched
    }

    private func blocks(
        _ partition: Int, from offset: UInt64, bytesMax: Int
    ) throws -> [Block] {
        if tail.covers(partition, from: offset) {
            return tail.read(partition, from: offset, bytesMax: bytesMax).map {
                Self.block(partition, $0.firstOffset, $0.count, $0.records)
            }
        }
        counts.fetchesFromDisk += 1
        return try log.use {
            try $0.read(partition: partition, from: offset, maxBytes: bytesMax).map {
                Self.block(partition, $0.firstOffset, $0.count, $0.records)
            }
        }
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
