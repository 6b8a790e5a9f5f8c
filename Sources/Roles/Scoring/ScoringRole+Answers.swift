import Events
import Features
import Identity
import Messages
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
        let pending = ready.map(named)
        ready = []
        var asks: [Ask] = []
        var askers: [Int] = []
        var frames = [[UInt8]?](repeating: nil, count: pending.count)
        for (place, entry) in pending.enumerated() {
            let held = hold(entry)
            switch entry.question {
            case .recommend(let request):
                asks.append(ask(request, held))
                askers.append(place)
            case .profile: frames[place] = profile(entry, held)
            case .predict: frames[place] = predictions(entry, held)
            case .score(let request): frames[place] = scores(entry, request, held)
            }
        }
        for (place, selection) in zip(askers, models.recommend(asks)) {
            if case .recommend(let request) = pending[place].question {
                frames[place] = recommendations(pending[place], request, selection)
            }
        }
        let now = Clock.monotonic()
        for (entry, frame) in zip(pending, frames) {
            guard let frame else { continue }
            front?.reply(to: entry.routing, frame)
            counts.answered += 1
            let taken = (now - entry.receivedAt).components
            counts.latency.add(
                microseconds: UInt64(taken.seconds) * 1_000_000
                    + UInt64(taken.attoseconds / 1_000_000_000_000))
        }
    }

    /// The question as one about the person, who goes by one of several identifiers.
    private func named(_ entry: Pending) -> Pending {
        guard entry.isLinked else { return entry }
        var named = entry
        named.userID = entry.identifiers[0]
        named.hash = XXH64.hash(named.userID)
        return named
    }

    /// Puts the states of a person's identifiers together, and keeps the sum beside them for this
    /// answer: the next one asks whether each is still fresh.
    private func holdPerson(_ entry: Pending) -> Int? {
        var states: [UserState] = []
        var confirmed = Clock.monotonic()
        for id in entry.identifiers {
            let hash = XXH64.hash(id)
            guard let place = cache.find(hash, id) else { continue }
            let heard = link(of: hash)?.follower.heardAt
            let pulled = cache[place].pulledAt
            if cache[place].isStale { counts.stale += 1 }
            confirmed = min(
                confirmed, cache[place].isStale ? pulled : max(pulled, heard ?? pulled))
            if let state = cache[place].state { states.append(state) }
        }
        guard var state = UserState.person(of: states) else { return nil }
        state.userID = entry.userID
        let key = Self.personKey(entry.userID)
        var held = HeldProfile(
            userID: key, partition: Partitions.partition(ofHash: entry.hash), state: state,
            pulledAt: confirmed)
        held.isStale = true
        held.taste = models.taste(of: state.history)
        return cache.store(XXH64.hash(key), held)
    }

    /// No user has an id with this beginning that a producer can send and mean.
    private static func personKey(_ userID: String) -> String { "\u{0}person " + userID }

    /// The place of what is held of the user, its taste fit for the models of now; nil = nothing.
    private func hold(_ entry: Pending) -> Int? {
        if entry.isLinked { return holdPerson(entry) }
        guard let place = cache.find(entry.hash, entry.userID) else { return nil }
        if cache[place].isStale { counts.stale += 1 }
        if let taste = cache[place].taste, models.fits(taste) { return place }
        cache[place].taste = models.taste(of: cache[place].state?.history ?? UserHistory())
        return place
    }

    /// How old what an answer was made from is. Where nothing is held, because the owner of the
    /// user does not answer, that is since the owner was last heard.
    private func ageMs(_ held: Int?, _ hash: UInt64) -> UInt32 {
        let now = Clock.monotonic()
        let heard = link(of: hash)?.follower.heardAt
        var confirmed = heard ?? startedAt
        if let held {
            let pulled = cache[held].pulledAt
            confirmed = cache[held].isStale ? pulled : max(pulled, heard ?? pulled)
        }
        let (seconds, attoseconds) = (now - confirmed).components
        return UInt32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    // MARK: Recommendations

    private func ask(_ request: RecommendRequest, _ held: Int?) -> Ask {
        var taste = held.flatMap { cache[$0].taste } ?? Taste()
        if !request.recentItems.isEmpty {
            let history = held.flatMap { cache[$0].state?.history } ?? UserHistory()
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
        _ entry: Pending, _ request: RecommendRequest, _ selection: Selection
    ) -> [UInt8] {
        var answer = Recommendations()
        answerNumber += 1
        answer.recommendationID =
            "\(String(environment.incarnation, radix: 36))-\(String(answerNumber, radix: 36))"
        answer.userID = entry.userID
        answer.fallback = selection.isFallback
        if selection.isFallback { counts.fallbacks += 1 }
        let key = entry.isLinked ? Self.personKey(entry.userID) : entry.userID
        let held = cache.find(entry.isLinked ? XXH64.hash(key) : entry.hash, key)
        answer.profileVersion = held.flatMap { cache[$0].state?.version } ?? 0
        answer.profileAgeMs = ageMs(held, entry.hash)
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

    private func scores(_ entry: Pending, _ request: ScoreRequest, _ held: Int?) -> [UInt8] {
        var answer = Scores()
        answer.userID = entry.userID
        let taste = held.flatMap { cache[$0].taste } ?? Taste()
        for (id, pick) in zip(request.itemIDs, models.scores(of: request.itemIDs, taste)) {
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
        answer.profileAgeMs = ageMs(held, entry.hash)
        return Frame.answer(entry.header, answer)
    }

    // MARK: Profiles

    private func profile(_ entry: Pending, _ held: Int?) -> [UInt8] {
        let partition = Partitions.partition(ofHash: entry.hash)
        guard let held, let state = cache[held].state else {
            var unknown = Profile.unknown(
                entry.userID, asOfMs: newestMs, partition: partition)
            unknown.ageMs = ageMs(held, entry.hash)
            unknown.identities = entry.isLinked ? graph.identities(of: entry.userID) : []
            return Frame.answer(entry.header, unknown)
        }
        let judged = risk.assess(UserView(state, nowMs: newestMs), asOfMs: newestMs)
        var profile = Profile(
            from: state, asOfMs: newestMs, partition: partition, tags: tags
        ) { _ in RiskView(judged) }
        profile.predictions = prediction(state).map { [$0] } ?? []
        profile.risk = UserRisk(judged)
        profile.ageMs = ageMs(held, entry.hash)
        profile.identities = entry.isLinked ? graph.identities(of: entry.userID) : []
        return Frame.answer(entry.header, profile)
    }

    private func predictions(_ entry: Pending, _ held: Int?) -> [UInt8] {
        let state = held.flatMap { cache[$0].state } ?? UserState(userID: entry.userID)
        guard let prediction = prediction(state) else {
            return refuse(
                entry.header, .modelMissing,
                "no model of purchases yet; limn models says why, limn train trains one")
        }
        var answer = Predictions()
        answer.userID = entry.userID
        answer.predictions = [prediction]
        answer.profileAgeMs = ageMs(held, entry.hash)
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

extension UserState {
    /// The part of the state that recommendations are made from.
    var history: UserHistory {
        var history = UserHistory()
        history.recent = recents.ordered.map {
            UserHistory.Entry(item: $0.itemID, type: $0.type.rawValue, timeMs: $0.timeMs)
        }
        history.purchased = purchased
        history.hidden = hidden
        history.inCart = cart
        return history
    }
}
