import Events
import Identity
import Messages
import Runtime
import System
import ZeroMQ

/// Taking questions in.
extension ScoringRole {
    /// Questions answered together: one matrix product for all of them.
    static let batch = 32
    private static let batchesPerTurn = 8
    static let countMax = 500
    static let scoredItemsMax = 1000

    func drain() {
        do {
            for _ in 0..<Self.batchesPerTurn {
                let received =
                    try front?.drain(
                        max: Self.batch,
                        asked: { receive(Asker(routing: $0, key: $1), $2, $3, $4) }) ?? 0
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
        _ asker: Asker, _ header: Header, _ frame: Span<UInt8>, _ body: Range<Int>
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
                return place(asker, header, request.userID, .profile)
            case .predictRequest:
                let request = try Frame.decode(
                    PredictRequest.self, frame, body: body, header: header)
                return place(asker, header, request.userID, .predict)
            case .scoreRequest:
                let request = try Frame.decode(
                    ScoreRequest.self, frame, body: body, header: header)
                guard request.itemIDs.count <= Self.scoredItemsMax else {
                    return refuse(header, .badRequest, "at most \(Self.scoredItemsMax) items")
                }
                return place(asker, header, request.userID, .score(request))
            default:
                let request = try Frame.decode(
                    RecommendRequest.self, frame, body: body, header: header)
                guard request.count <= Self.countMax else {
                    return refuse(header, .badRequest, "count is at most \(Self.countMax)")
                }
                return place(asker, header, request.userID, .recommend(request))
            }
        } catch {
            counts.refusals[error.code.rawValue, default: 0] += 1
            return error.reply
        }
    }

    func refuse(
        _ header: Header, _ code: ErrorCode, _ message: String, retryAfterMs: UInt32 = 0
    ) -> [UInt8] {
        counts.refusals[code.rawValue, default: 0] += 1
        return Frame.refuse(header, code, message, retryAfterMs: retryAfterMs)
    }

    private func place(
        _ asker: Asker, _ header: Header, _ userID: String, _ question: Question
    ) -> [UInt8]? {
        // A visitor without an id may have recommendations; everything else is about somebody.
        var isVisitor = false
        if case .recommend = question { isVisitor = userID.isEmpty }
        if userID.isEmpty && !isVisitor {
            return refuse(header, .badRequest, "user_id is empty")
        }
        let now = Clock.monotonic()
        let asked =
            header.timeoutMs > 0
            ? Int(header.timeoutMs) : environment.configuration.scoring.defaultTimeoutMs
        // A fifth of the time is left for the way back.
        let patience = Duration.microseconds(min(asked, QuestionLimits.timeoutMsMax) * 800)
        let pending = Pending(
            routing: asker.routing, key: asker.key, header: header, userID: userID,
            hash: keys.hash(userID), question: question, receivedAt: now, answerBy: now + patience)
        if isVisitor { ready.append(pending) } else { consider(pending, at: now, isNew: true) }
        return nil
    }

    /// Answers what waited for a user, unless it waits for somebody else too.
    func release(_ hash: UInt64) {
        let now = Clock.monotonic()
        for pending in parked.take(hash) { consider(pending, at: now, isNew: false) }
    }

    /// What waited for a user is answered with what is at hand, or refused.
    func release(_ hash: UInt64, _ refusal: QuestionRefusal) {
        for var pending in parked.take(hash) {
            pending.refusal = refusal
            ready.append(pending)
        }
    }

    /// Makes a question ready, or parks it until more is known.
    func consider(_ pending: consuming Pending, at now: Duration, isNew: Bool) {
        identify(&pending)
        guard areLinksKnown else { return park(pending, at: now, isNew: isNew) }
        pending.waitsFor = nil
        var isHopeless = false
        if pending.isLinked {
            for id in pending.identifiers where lacks(id, keys.hash(id), &pending, at: now) {
                isHopeless = true
            }
        } else {
            isHopeless = lacks(pending.userID, pending.hash, &pending, at: now)
        }
        if pending.waitsFor == nil {
            ready.append(pending)
        } else if isNew && isHopeless {
            // Nobody may come for long: what is held, with its age, beats waiting.
            pending.refusal = .ownerGone
            ready.append(pending)
        } else {
            park(pending, at: now, isNew: isNew)
        }
    }

    /// Asks the owner of an identifier for what is not confirmed; true if nobody may come for long.
    private func lacks(
        _ userID: String, _ hash: UInt64, _ pending: inout Pending, at now: Duration
    ) -> Bool {
        if isConfirmed(userID, hash, since: pending.receivedAt, at: now) { return false }
        let link = link(of: hash)
        link?.want(userID, hash, at: now)
        if pending.waitsFor == nil { pending.waitsFor = (userID, hash) }
        let partition = Partitions.partition(ofHash: hash)
        return link?.isGone(at: now) ?? owners.isAbandoned(partition, at: now)
    }

    private func park(_ pending: consuming Pending, at now: Duration, isNew: Bool) {
        let owner = owners[pending.waitPartition]
        if isNew, let bound = parked.boundReached(by: pending, isOwners: { owners[$0] == owner }) {
            pending.refusal = .full(bound)
            ready.append(pending)
            return
        }
        if isNew { counts.parked += 1 }
        parked.park(pending)
    }

    /// From here on a question about somebody with several identifiers is one about the person.
    private func identify(_ pending: inout Pending) {
        if graph.isAlone(pending.askedID) {
            guard pending.isLinked else { return }
            pending.identifiers = []
            pending.userID = pending.askedID
        } else {
            pending.identifiers = graph.identifiers(of: pending.askedID)
            pending.userID = pending.identifiers[0]
        }
        pending.hash = keys.hash(pending.userID)
    }

    /// Whether what is held of a user is what the owner says now, or said since the question came.
    private func isConfirmed(
        _ userID: String, _ hash: UInt64, since asked: Duration, at now: Duration
    ) -> Bool {
        guard let place = cache.find(hash, userID) else {
            counts.misses += 1
            return false
        }
        let isFresh = !cache[place].isStale && isVouchedFor(hash, at: now)
        if isFresh { counts.hits += 1 }
        return isFresh || cache[place].pulledAt >= asked
    }

    /// Whether a user of whom no change was told has not changed: a partition on its way stands
    /// still, an owner must have been heard lately.
    func isVouchedFor(_ hash: UInt64, at now: Duration) -> Bool {
        link(of: hash).map { !$0.follower.isSilent(at: now) }
            ?? !owners.isAbandoned(Partitions.partition(ofHash: hash), at: now)
    }

    /// Answers what can wait no longer, with what is at hand.
    func answerDue() {
        let now = Clock.monotonic()
        for var pending in parked.takeDue(at: now) {
            if !areLinksKnown { pending.refusal = .linksUnread }
            ready.append(pending)
        }
        answerReady()
    }

    /// All links are here: whoever waited for them is looked at anew.
    func noteLinksKnown() {
        areLinksKnown = true
        let now = Clock.monotonic()
        for pending in parked.takeAll() { consider(pending, at: now, isNew: false) }
        answerReady()
    }
}

/// Whom to answer, and who that is.
private struct Asker {
    let routing: RoutingID
    let key: String
}
