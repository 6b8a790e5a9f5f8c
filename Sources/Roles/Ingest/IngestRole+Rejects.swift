import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Listing refused records, sending them again, giving them up.
extension IngestRole {
    /// Of one request.
    private static let rejectsMax = 1000

    private func list(_ ask: (RejectList) throws -> Rejects) throws -> Rejects {
        let folder = environment.folder.logFolder
        return try log.use { try ask(RejectList(log: $0, folder: folder)) }
    }

    func take(
        rejects routing: RoutingID, _ sender: String, _ header: Header, _ frame: Span<UInt8>,
        _ body: Range<Int>
    ) -> [UInt8]? {
        do throws(FrameError) {
            let request = try Frame.decode(
                RejectsRequest.self, frame, body: body, header: header)
            guard max(request.ids.count, request.corrections.count) <= Self.rejectsMax else {
                return Frame.refuse(
                    header, .badRequest, "at most \(Self.rejectsMax) ids per request")
            }
            return answer(request, routing, sender, header)
        } catch {
            return error.reply
        }
    }

    private func answer(
        _ request: RejectsRequest, _ routing: RoutingID, _ sender: String, _ header: Header
    ) -> [UInt8]? {
        do {
            switch request.action {
            case .list:
                return Frame.answer(header, try list { try $0.answer(request) })
            case .drop: return Frame.answer(header, try drop(request))
            case .retry:
                if admission.isDiskShort { return refusal(header, StorageError.diskFull("")) }
                // Answered once the group is on disk.
                let outcomes = try retry(request, by: environment.authorisation.name(of: sender))
                retryAnswers.append((routing, header, outcomes))
                return nil
            default:
                return Frame.refuse(
                    header, .badRequest, "action \(request.action.rawValue) is not known")
            }
        } catch {
            return refusal(header, error)
        }
    }

    private func drop(_ request: RejectsRequest) throws -> Rejects {
        let ids = request.ids.map { Int64(bitPattern: $0) }
        let dropped = Set(try log.use { try $0.dropRejects(ids) })
        var answer = try list { try $0.account() }
        answer.outcomes = request.ids.map { id in
            let isDone = dropped.contains(Int64(bitPattern: id))
            return isDone ? RejectOutcome(done: id) : RejectOutcome(unknown: id)
        }
        return answer
    }

    private func retry(_ request: RejectsRequest, by name: String) throws -> [RejectOutcome] {
        let corrected = Dictionary(
            request.corrections.map { ($0.id, $0.record) }, uniquingKeysWith: { $1 })
        let nowMs = Clock.wallMs()
        // All are read before any is taken: what fails here leaves nothing in the group.
        let found = try (request.ids + request.corrections.map(\.id)).map { id in
            var filter = RejectFilter()
            filter.ids = [Int64(bitPattern: id)]
            return (id, try log.use { try $0.rejects(filter).first })
        }
        return found.map { id, stored in
            guard let stored else { return RejectOutcome(unknown: id) }
            return intake.retry(
                stored, corrected: corrected[id] ?? nil, by: name, nowMs: nowMs)
        }
    }

    /// After the commit of the group, or its failure.
    func sendRetryAnswers(failure: (any Error)?) {
        for (routing, header, outcomes) in retryAnswers {
            var reply: [UInt8]
            if let failure {
                reply = refusal(header, failure)
            } else {
                counts.accepted += UInt64(outcomes.count { $0.done && !$0.already })
                var answer = (try? list { try $0.account() }) ?? Rejects()
                answer.outcomes = outcomes
                reply = Frame.answer(header, answer)
            }
            front?.reply(to: routing, reply)
        }
        retryAnswers.removeAll()
    }
}

extension RejectOutcome {
    init(done id: UInt64) {
        self.init()
        self.id = id
        done = true
    }

    init(unknown id: UInt64) {
        self.init()
        self.id = id
        code = .badRequest
        message = "there is no such reject; it was dropped, or was the oldest of too many"
    }
}
