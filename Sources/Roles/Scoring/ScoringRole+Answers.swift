import Events
import Features
import FittedPortrait
import Identity
import Messages
import ModelTraining
import Portrait
import Profiles
import Recommendation
import Risk
import Runtime
import System
import ZeroMQ

/// Answering.
extension ScoringRole {
    private static let defaultCount = 10

    /// Answers everything that is ready; recommendations together.
    func answerReady() {
        if ready.isEmpty { return }
        let pending = ready
        ready = []
        var asks: [Ask] = []
        var askers: [Recipient] = []
        var frames = [[UInt8]?](repeating: nil, count: pending.count)
        // By place, since a copy of a question would count a reference for each of its texts.
        for place in pending.indices {
            guard let held = hold(pending[place]) else {
                frames[place] = refusal(pending[place])
                continue
            }
            switch pending[place].question {
            case .recommend(let request):
                asks.append(ask(request, held))
                askers.append(Recipient(place, held))
            case .profile: frames[place] = profile(pending[place], held)
            case .predict: frames[place] = predictions(pending[place], held)
            case .score(let request): frames[place] = scores(pending[place], request, held)
            }
        }
        for (asker, selection) in zip(askers, models.recommend(asks)) {
            if case .recommend(let request) = pending[asker.place].question {
                frames[asker.place] = recommendations(
                    pending[asker.place], request, selection, asker)
            }
        }
        let now = Clock.monotonic()
        for place in pending.indices {
            guard let frame = frames[place] else { continue }
            front?.reply(to: pending[place].routing, frame)
            counts.answered += 1
            let taken = (now - pending[place].receivedAt).components
            counts.latency.add(
                microseconds: UInt64(taken.seconds) * 1_000_000
                    + UInt64(taken.attoseconds / 1_000_000_000_000))
        }
    }

    /// What is known of the user, or of the person: the sum of the states of all identifiers. Nil
    /// if that cannot be said, of one of them too: nothing is made up from what is not known.
    private func hold(_ entry: Pending) -> HeldUser? {
        if entry.isVisitor {
            return HeldUser(state: nil, taste: Taste(), confirmedAt: entry.receivedAt)
        }
        guard areLinksKnown else { return nil }
        guard entry.isLinked else { return hold(entry.userID, entry.hash, entry.receivedAt) }
        var states: [UserState] = []
        var confirmedAt = Clock.monotonic()
        for id in entry.identifiers {
            let part = hold(id, keys.hash(id), entry.receivedAt, withTaste: false)
            guard let part else { return nil }
            if let state = part.state { states.append(state) }
            confirmedAt = min(confirmedAt, part.confirmedAt)
        }
        let state = UserState.person(entry.userID, of: states)
        return HeldUser(
            state: state, taste: state.map { models.taste(of: $0.history) } ?? Taste(),
            confirmedAt: confirmedAt)
    }

    /// What is held of one identifier, with its age. That nobody knows it may be said only while
    /// the owner stands to it: a state that is held was true once, but whoever was not known may
    /// have come since.
    private func hold(
        _ userID: String, _ hash: UInt64, _ asked: Duration, withTaste isTasteWanted: Bool = true
    ) -> HeldUser? {
        guard let place = cache.find(hash, userID) else { return nil }
        let (pulled, isStale) = (cache[place].pulledAt, cache[place].isStale)
        let heard = link(of: hash)?.follower.heardAt
        var held = HeldUser(
            state: cache[place].state, taste: Taste(),
            confirmedAt: isStale ? pulled : max(pulled, heard ?? pulled))
        if held.state == nil, pulled < asked {
            guard !isStale, isVouchedFor(hash, at: Clock.monotonic()) else { return nil }
        }
        if isStale { counts.stale += 1 }
        guard isTasteWanted else { return held }
        if let taste = cache[place].taste, models.fits(taste) {
            held.taste = taste
        } else {
            held.taste = models.taste(of: held.state?.history ?? UserHistory())
            cache[place].taste = held.taste
        }
        return held
    }

    /// Says why nothing is said about a user, and when to come again.
    private func refusal(_ entry: Pending) -> [UInt8] {
        let partition = entry.waitPartition
        let owner = owners[partition].map { "feature worker \($0)" } ?? "nobody"
        let (code, text): (ErrorCode, String)
        switch entry.refusal {
        case .late:
            (code, text) = (
                .unavailable, "\(owner) owns partition \(partition) and did not answer in time"
            )
        case .ownerGone:
            (code, text) = (
                .unavailable, "\(owner) owns partition \(partition) and is not heard"
            )
        case .unreadable:
            (code, text) = (
                .unavailable, "\(owner) cannot read partition \(partition); its log says why"
            )
        case .linksUnread:
            (code, text) = (.unavailable, "the links between identifiers are still being read")
        case .stopping:
            (code, text) = (.shuttingDown, "this process stops; ask another one")
        case .full(let bound):
            (code, text) = (.overloaded, "too many \(bound.rawValue) wait for an answer")
        }
        return refuse(
            entry.header, code, text,
            retryAfterMs: code == .overloaded
                ? QuestionLimits.overloadedRetryMs : QuestionLimits.unavailableRetryMs)
    }

    /// How old what an answer was made from is.
    private func ageMs(_ held: HeldUser) -> UInt32 { ageMs(since: held.confirmedAt) }

    private func ageMs(since confirmedAt: Duration) -> UInt32 {
        let (seconds, attoseconds) = (Clock.monotonic() - confirmedAt).components
        return UInt32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    // MARK: Recommendations

    private func ask(_ request: RecommendRequest, _ held: HeldUser) -> Ask {
        var taste = held.taste
        if !request.recentItems.isEmpty {
            let history = held.state?.history ?? UserHistory()
            taste = models.taste(of: history, justSeen: request.recentItems)
        }
        var ask = Ask(taste: taste)
        ask.count = request.count == 0 ? Self.defaultCount : Int(request.count)
        ask.category = request.category
        ask.exclude = request.exclude
        ask.includesPurchased = request.includePurchased
        ask.explains = request.explain
        return ask
    }

    private func recommendations(
        _ entry: Pending, _ request: RecommendRequest, _ selection: Selection, _ asker: Recipient
    ) -> [UInt8] {
        var answer = Recommendations()
        answerNumber += 1
        answer.recommendationID =
            "\(String(environment.incarnation, radix: 36))-\(String(answerNumber, radix: 36))"
        answer.userID = entry.userID
        answer.fallback = selection.isFallback
        if selection.isFallback { counts.fallbacks += 1 }
        answer.profileVersion = asker.profileVersion
        answer.profileAgeMs = ageMs(since: asker.confirmedAt)
        answer.models = models.names
        answer.items = selection.picks.map { item($0, explained: request.explain) }
        for rule in Rule.allCases where selection.filtered[rule.rawValue] > 0 {
            answer.filtered.append(named(rule.name, Double(selection.filtered[rule.rawValue])))
        }
        return Frame.answer(entry.header, answer)
    }

    private func item(_ pick: Pick, explained: Bool) -> RecommendedItem {
        let at = Int(pick.item)
        var item = RecommendedItem()
        item.itemID = models.catalogue.ids[at]
        item.score = Double(pick.score)
        item.source = pick.source.name
        item.title = models.catalogue.titles[at]
        item.category = models.catalogue.tree.path(of: models.catalogue.categories[at])
        item.price = models.catalogue.prices[at]
        guard explained else { return item }
        for source in Source.allCases where pick.parts[source.rawValue] != 0 {
            var reason = Reason()
            reason.source = source.name
            reason.weight = Double(pick.parts[source.rawValue])
            if pick.because >= 0, source == pick.becauseSource {
                reason.becauseItem = models.catalogue.ids[Int(pick.because)]
            }
            item.reasons.append(reason)
        }
        item.reasons.sort { $0.weight > $1.weight }
        return item
    }

    func similar(_ header: Header, _ request: SimilarRequest) -> [UInt8] {
        guard let item = models.catalogue.find(request.itemID) else {
            return refuse(header, .itemUnknown, "nobody knows item \(request.itemID)")
        }
        guard request.count <= Self.countMax else {
            return refuse(header, .badRequest, "count is at most \(Self.countMax)")
        }
        var answer = SimilarItems()
        answer.itemID = request.itemID
        let count = request.count == 0 ? Self.defaultCount : Int(request.count)
        answer.items = models.similar(to: item, count: count)
            .map { self.item($0, explained: true) }
        answer.model = models.names.joined(separator: " ")
        counts.answered += 1
        return Frame.answer(header, answer)
    }

    private func scores(
        _ entry: Pending, _ request: ScoreRequest, _ held: HeldUser
    ) -> [UInt8] {
        var answer = Scores()
        answer.userID = entry.userID
        for (id, pick) in zip(request.itemIDs, models.scores(of: request.itemIDs, held.taste)) {
            if let pick {
                answer.items.append(item(pick, explained: false))
            } else {
                var unknown = RecommendedItem()
                unknown.itemID = id
                unknown.source = "unknown"
                answer.items.append(unknown)
            }
        }
        answer.model = models.names.joined(separator: " ")
        answer.profileAgeMs = ageMs(held)
        return Frame.answer(entry.header, answer)
    }

    // MARK: Profiles

    private func profile(_ entry: Pending, _ held: HeldUser) -> [UInt8] {
        let partition = Partitions.partition(ofHash: entry.hash)
        guard let state = held.state else {
            var unknown = Profile.unknown(
                entry.userID, asOfMs: newestMs, partition: partition)
            unknown.ageMs = ageMs(held)
            unknown.identities = entry.isLinked ? graph.identities(of: entry.userID) : []
            unknown.noteProvenance(tags: fitted.portrait.tags)
            return Frame.answer(entry.header, unknown)
        }
        var profile = fitted.portrait.profile(of: state, asOfMs: newestMs, partition: partition)
        profile.predictions = prediction(state).map { [$0] } ?? []
        profile.ageMs = ageMs(held)
        profile.identities = entry.isLinked ? graph.identities(of: entry.userID) : []
        profile.noteProvenance(tags: fitted.portrait.tags)
        return Frame.answer(entry.header, profile)
    }

    private func predictions(_ entry: Pending, _ held: HeldUser) -> [UInt8] {
        let state = held.state ?? UserState(userID: entry.userID)
        guard let prediction = prediction(state) else {
            return refuse(
                entry.header, .modelMissing,
                "no model of purchases yet; limn models says why, limn train trains one")
        }
        var answer = Predictions()
        answer.userID = entry.userID
        answer.predictions = [prediction]
        answer.profileAgeMs = ageMs(held)
        return Frame.answer(entry.header, answer)
    }

    private func prediction(_ state: UserState) -> Prediction? {
        guard let (model, name) = shelf.propensity else { return nil }
        let row = model.row(
            names: FeatureCatalogue.names, values: state.features(asOfMs: newestMs))
        var prediction = Prediction()
        prediction.name = "purchase"
        prediction.probability = model.chance(row)
        prediction.horizonHours = model.horizonHours
        prediction.model = name
        prediction.reasons = model.reasons(row, count: 5).map { named($0.feature, $0.change) }
        return prediction
    }

    private func named(_ name: String, _ value: Double) -> NamedValue {
        var entry = NamedValue()
        entry.name = name
        entry.value = value
        return entry
    }
}

/// Whose recommendations are on their way, and what the answer says of the profile behind them.
private struct Recipient {
    let place: Int
    let profileVersion: UInt64
    let confirmedAt: Duration

    init(_ place: Int, _ held: HeldUser) {
        self.place = place
        profileVersion = held.state?.version ?? 0
        confirmedAt = held.confirmedAt
    }
}
