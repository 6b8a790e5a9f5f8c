import Learning
import Numerics

extension SegmentTrainer {
    /// Fewer users are no clusters.
    package static let usersMin = 20

    /// A model, and what became of the clusters of the one before.
    package struct Outcome: Sendable {
        package var model: SegmentModel
        package var continuity: [ClusterKind: Continuity] = [:]
        /// Why there are no fifths, or no clusters of a kind.
        package var notes: [String] = []
    }

    /// Learns from what both passes saw; `progress` is told the share that is done.
    /// - Throws: when there is nothing to learn from.
    package func fit(
        asOfMs: Int64, progress: (Double) -> Void = { _ in }
    ) throws(SegmentFailure) -> Outcome {
        guard users > 0 else { throw SegmentFailure("no user has an event yet") }
        var notes: [String] = []
        let fifths = RFM.fit(
            recency: rfm.recency, frequency: rfm.frequency, monetary: rfm.monetary)
        if fifths == nil {
            notes.append("rfm: \(rfm.recency.count) buyers; \(RFM.buyersMin) are needed")
        }
        var found: [ClusterKind: (model: ClusterModel, continuity: Continuity)] = [:]
        for (place, kind) in ClusterKind.allCases.enumerated() {
            let share = 1 / Double(ClusterKind.allCases.count)
            do throws(SegmentFailure) {
                found[kind] = try cluster(kind) { done in progress((Double(place) + done) * share) }
            } catch {
                notes.append("\(kind.rawValue): \(error.description)")
            }
        }
        var model = SegmentModel(
            rfm: fifths, behaviour: found[.behaviour]?.model, taste: found[.taste]?.model,
            users: users, asOfMs: asOfMs)
        model.version = (previous?.version ?? 0) + 1
        if fifths == nil, found.isEmpty {
            throw SegmentFailure(notes.joined(separator: "; "))
        }
        return Outcome(
            model: model, continuity: found.mapValues(\.continuity), notes: notes)
    }

    private func cluster(
        _ kind: ClusterKind, progress: (Double) -> Void
    ) throws(SegmentFailure) -> (ClusterModel, Continuity) {
        let sample = sample(kind)
        guard sample.count >= Self.usersMin else {
            throw SegmentFailure("\(sample.count) users; \(Self.usersMin) are needed")
        }
        if let clusters = options.clusters, clusters > sample.count / 2 {
            throw SegmentFailure("\(clusters) clusters of \(sample.count) users are too many")
        }
        let table = Matrix(sample.map(\.values))
        let names = kind == .behaviour ? BehaviourInputs.all.map(\.name) : tasteNames
        var normaliser: Normaliser?
        var seen = table
        if kind == .behaviour {
            let fitted = Normaliser.fit(
                table, names: names, methods: BehaviourInputs.all.map(\.method))
            guard !fitted.used.isEmpty else { throw SegmentFailure("all users are alike") }
            seen = fitted.normalised(table)
            normaliser = fitted
        } else if names.count < 2 {
            throw SegmentFailure("no two categories; items need one, or their events")
        }
        let tried = numbers(kind, users: sample.count)
        let clustering = Clustering.choose(
            seen, method: options.method, numbers: tried, seed: options.seed
        ) { progress(Double($0) / Double(tried.count)) }
        let owners = clustering.clusters(of: seen)
        let description = ClusterDescription(
            kind, names: names, table: table, seen: seen, used: normaliser?.used, owners: owners,
            clusters: clustering.clusters)
        let (clusters, nextID, continuity) = Continuity.resolve(
            kind, description, owners: owners, previous: previous?.clusters(kind),
            before: sample.map(\.previous))
        let model = ClusterModel(
            kind: kind, inputs: names,
            expressions: kind == .behaviour ? BehaviourInputs.all.map(\.expression) : [],
            normaliser: normaliser, clustering: clustering, clusters: clusters, nextID: nextID,
            users: sample.count)
        return (model, continuity)
    }

    private func numbers(_ kind: ClusterKind, users: Int) -> ClosedRange<Int> {
        if let clusters = options.clusters { return clusters...clusters }
        let tried = kind.tried
        return tried.lowerBound...max(tried.lowerBound, min(tried.upperBound, users / 10))
    }
}
