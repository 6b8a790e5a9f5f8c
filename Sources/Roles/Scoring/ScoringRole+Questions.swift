import Events
import Identity
import Messages
import Runtime
import System
import ZeroMQ

/// Taking questions in.
extension ScoringRole {
    /// Questions answered together: one matrix product for all of them.
    private static let batch = 32
    private static let batchesPerTurn = 8
    static let countMax = 500
    static let scoredItemsMax = 1000

    func drain() {
        do {
            for _ in 0..<Self.batchesPerTurn {
                let received = try front?.drain(max: Self.batch) { receive($0, $1, $2, $3) } ?? 0
                let now = Clock.monotonic()
                for link in links.values { link.send(at: now) }
                answerReady()
                if received < Self.batch { return }
            }
        } catch {
            counts.failures += 1
            environment.log.error("receiving failed", ["error": "\(error)"])
        }
    }

    /// Answers what needs no user at once; everything else becomes ready or waits for a state.
    private func receive(
        _ routing: RoutingID, _ header: Header, _ frame: Span<UInt8>, _ body: Range<Int>
    ) -> [UInt8]? {
        counts.byKind[header.kind.rawValue, default: 0] += 1
        lastQuestion = Clock.monotonic()
        if isDraining {
            return refuse(header, .shuttingDown, "this process stops; ask another one")
        }
        do throws(FrameError) {
            switch header.kind {
            case .similarRequest:
                let request = try Frame.decode(
                    SimilarRequest.self, frame, body: body, header: header)
                return similar(header, request)
            case .profileRequest:
                let request = try Frame.decode(
                    ProfileRequest.self, frame, body: body, header: header)
                return place(routing, header, request.userID, .profile)
            case .predictRequest:
                let request = try Frame.decode(
                    PredictRequest.self, frame, body: body, header: header)
                return place(routing, header, request.userID, .predict)
            case .scoreRequest:
                let request = try Frame.decode(
                    ScoreRequest.self, frame, body: body, header: header)
                guard request.itemIDs.count <= Self.scoredItemsMax else {
                    return refuse(header, .badRequest, "at most \(Self.scoredItemsMax) items")
                }
                return place(routing, header, request.userID, .score(request))
            default:
                let request = try Frame.decode(
                    RecommendRequest.self, frame, body: body, header: header)
                guard request.count <= Self.countMax else {
                    return refuse(header, .badRequest, "count is at most \(Self.countMax)")
                }
                return place(routing, header, request.userID, .recommend(request))
            }
        } catch {
            counts.refusals[error.code.rawValue, default: 0] += 1
            return error.reply
        }
    }

    func refuse(_ header: Header, _ code: ErrorCode, _ message: String) -> [UInt8] {
        counts.refusals[code.rawValue, default: 0] += 1
        return Frame.refuse(header, code, message)
    }

    private func place(
        _ routing: RoutingID, _ header: Header, _ userID: String, _ question: Question
    ) -> [UInt8]? {
        // A visitor without an id may have recommendations; everything else is about somebody.
        var isVisitor = false
        if case .recommend = question { isVisitor = userID.isEmpty }
        if userID.isEmpty && !isVisitor {
            return refuse(header, .badRequest, "user_id is empty")
        }
        let now = Clock.monotonic()
        let timeoutMs =
            header.timeoutMs > 0
            ? Int(header.timeoutMs) : environment.configuration.scoring.defaultTimeoutMs
        let hash = keys.hash(userID)
        // A fifth of the time is left for the way back.
        var pending = Pending(
            routing: routing, header: header, userID: userID, hash: hash, question: question,
            receivedAt: now, answerBy: now + .microseconds(timeoutMs * 800))
        if !graph.isAlone(userID) {
            // From here on the question is one about the person.
            pending.identifiers = graph.identifiers(of: userID)
            pending.userID = pending.identifiers[0]
            pending.hash = keys.hash(pending.userID)
        }
        if isVisitor || canAnswerNow(&pending, at: now) {
            ready.append(pending)
        } else {
            counts.parked += 1
            parked.park(pending)
        }
        return nil
    }

    /// Answers what waited for a user, unless it waits for another identifier of the person too.
    func release(_ hash: UInt64) {
        let now = Clock.monotonic()
        for var pending in parked.take(hash) {
            guard pending.isLinked, !canAnswerNow(&pending, at: now) else {
                ready.append(pending)
                continue
            }
            parked.park(pending)
        }
    }

    /// As ``canAnswerNow(_:_:at:)`` for every identifier of the person.
    private func canAnswerNow(_ pending: inout Pending, at now: Duration) -> Bool {
        guard pending.isLinked else {
            return canAnswerNow(pending.userID, pending.hash, at: now)
        }
        pending.waitsFor = nil
        for id in pending.identifiers {
            let hash = keys.hash(id)
            if !canAnswerNow(id, hash, at: now), pending.waitsFor == nil {
                pending.waitsFor = (id, hash)
            }
        }
        return pending.waitsFor == nil
    }

    /// Whether what is held will do; otherwise the owner is asked.
    private func canAnswerNow(_ userID: String, _ hash: UInt64, at now: Duration) -> Bool {
        let link = link(of: hash)
        let partition = Partitions.partition(ofHash: hash)
        if let place = cache.find(hash, userID) {
            // A partition on its way stands still; an owner must have been heard lately.
            let isVouchedFor =
                link.map { !$0.follower.isSilent(at: now) }
                ?? !owners.isAbandoned(partition, at: now)
            let confirmed = !cache[place].isStale && isVouchedFor
            if confirmed {
                counts.hits += 1
                return true
            }
            link?.want(userID, hash, at: now)
            // A silent owner may be gone: what is held, with its age, beats waiting.
            if link?.isGone(at: now) ?? owners.isAbandoned(partition, at: now) { return true }
        } else {
            counts.misses += 1
            link?.want(userID, hash, at: now)
        }
        return parked.count >= environment.configuration.scoring.requestsInFlightMax
    }

    /// Answers what can wait no longer, with what is at hand.
    func answerDue() {
        ready += parked.takeDue(at: Clock.monotonic())
        answerReady()
    }
}
