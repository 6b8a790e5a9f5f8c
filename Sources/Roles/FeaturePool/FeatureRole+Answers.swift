import Events
import Features
import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Answering for states and outbox.
extension FeatureRole {
    func answer() {
        do {
            _ = try front?.drain(max: Limits.receivesPerTurn) { answer($0, $1, $2, $3) }
        } catch {
            environment.log.error("receiving failed", ["error": "\(error)"])
        }
        answerFetches()
    }

    private func answer(
        _ routing: RoutingID, _ header: Header, _ frame: Span<UInt8>, _ body: Range<Int>
    ) -> [UInt8]? {
        do throws(FrameError) {
            if header.kind == .stateRequest {
                let request = try Frame.decode(
                    StateRequest.self, frame, body: body, header: header)
                return states(header, request)
            }
            let fetch = try Frame.decode(Fetch.self, frame, body: body, header: header)
            return park(routing, header, fetch)
        } catch {
            return error.reply
        }
    }

    private func states(_ header: Header, _ request: StateRequest) -> [UInt8] {
        counts.stateRequests += UInt64(request.userIDs.count)
        var answer = States()
        for userID in request.userIDs {
            var failure = StateFailure()
            failure.userID = userID
            failure.partition = UInt32(Partitions.partition(ofUser: userID))
            do {
                if let entry = try entry(userID, Int(failure.partition)) {
                    answer.states.append(entry)
                    continue
                }
                failure.code = whyNotKnown(Int(failure.partition))
            } catch {
                counts.failures += 1
                noteUnreadable(Int(failure.partition), error)
                failure.code = .storageFailed
            }
            answer.failures.append(failure)
        }
        let isElsewhere = answer.states.isEmpty && !answer.failures.isEmpty
        if isElsewhere, answer.failures.allSatisfy({ $0.code == .notOwner }) {
            return Frame.refuse(header, .notOwner, "none of their partitions is this worker's")
        }
        answer.newestMs = owned.values.map(\.fold.newestMs).max() ?? 0
        return Frame.answer(header, answer)
    }

    /// Why nothing is said of a partition's users.
    private func whyNotKnown(_ partition: Int) -> ErrorCode {
        if owned[partition] != nil { return .unavailable }
        let isAway =
            handover.unopened.contains(partition)
            || repairs.isAway(partition, at: Clock.monotonic())
        return isAway ? .storageFailed : .notOwner
    }

    private func noteUnreadable(_ partition: Int, _ error: any Error) {
        if Self.isDamage(error) { return setAside(partition, error) }
        environment.log.error(
            "state not readable", ["partition": "\(partition)", "error": "\(error)"])
    }

    /// What the owner knows of a user; nil while it can say neither what nor that there is nothing:
    /// whoever has read nothing of the log yet may only lack what the owner before had folded.
    private func entry(_ userID: String, _ partition: Int) throws -> State? {
        guard let held = owned[partition] else { return nil }
        var entry = State()
        entry.userID = userID
        entry.partition = UInt32(partition)
        if let state = try held.state(of: userID) {
            entry.found = true
            entry.version = state.version
            entry.state = state.encoded()
        } else if !handover.serving.contains(partition) {
            return nil
        }
        return entry
    }

    private func park(_ routing: RoutingID, _ header: Header, _ fetch: Fetch) -> [UInt8]? {
        guard fetch.stream == .outbox,
            fetch.positions.allSatisfy({ owned[Int($0.partition)] != nil })
        else { return Self.notOwner(header) }
        let wait = Duration.milliseconds(Int(min(fetch.waitMs, 30_000)))
        desk.park(
            FetchDesk.Waiting(
                routing: routing, header: header, fetch: fetch, until: Clock.monotonic() + wait))
        return nil
    }

    private static func notOwner(_ header: Header) -> [UInt8] {
        Frame.refuse(header, .notOwner, "stream must be outbox, of partitions this worker owns")
    }

    /// Only what is committed is handed on, so the trainer never sees what a restart could undo.
    func answerFetches() {
        guard desk.count > 0 else { return }
        let due = desk.takeDue(at: Clock.monotonic()) { fetch in
            // A partition that went is due too: to be refused, so that its next owner is asked.
            fetch.positions.contains { position in
                guard let partition = owned[Int(position.partition)] else { return true }
                return position.offset < partition.outboxEnd
            }
        }
        for entry in due {
            guard entry.fetch.positions.allSatisfy({ owned[Int($0.partition)] != nil }) else {
                front?.reply(to: entry.routing, Self.notOwner(entry.header))
                continue
            }
            let answer: [UInt8]
            do {
                answer = Frame.answer(entry.header, try read(entry.fetch))
            } catch let damage as DamagedOutbox {
                setAside(damage.partition, damage.error)
                answer = Self.notOwner(entry.header)
            } catch {
                answer = Frame.refuse(
                    entry.header, .storageFailed, "\(error)", retryAfterMs: 1000)
            }
            front?.reply(to: entry.routing, answer)
        }
    }

    private func read(_ fetch: Fetch) throws -> Fetched {
        var fetched = Fetched()
        fetched.stream = .outbox
        var credit = min(max(Int(fetch.creditBytes), 1), Self.creditBytesMax)
        for position in fetch.positions {
            guard let partition = owned[Int(position.partition)] else { continue }
            var end = Position()
            end.partition = position.partition
            end.offset = partition.outboxEnd
            fetched.ends.append(end)
            guard credit > 0, position.offset < partition.outboxEnd else { continue }
            for stored in try outbox(partition, from: position.offset, maxBytes: credit) {
                credit -= stored.records.count
                var block = Block()
                block.partition = position.partition
                block.firstOffset = stored.firstOffset
                block.count = UInt32(stored.count)
                block.records = stored.records
                fetched.blocks.append(block)
            }
        }
        return fetched
    }

    private struct DamagedOutbox: Error {
        var partition: Int
        var error: any Error
    }

    private func outbox(
        _ partition: OwnedPartition, from offset: UInt64, maxBytes: Int
    ) throws -> [StoredBlock] {
        do {
            return try partition.store.readOutbox(from: offset, maxBytes: maxBytes)
        } catch  where Self.isDamage(error) {
            throw DamagedOutbox(partition: partition.store.partition, error: error)
        }
    }

    private static let creditBytesMax = 4 << 20
}
