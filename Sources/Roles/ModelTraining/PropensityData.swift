import Learning
import Messages
import Numerics

/// Examples with labels, split by time: what a model of purchases is fitted, tuned, chosen and
/// judged on.
///
/// A label looks one horizon ahead, so between two parts lies a gap of one: no label of an earlier
/// part rests on a purchase that a later part is asked about.
struct PropensityData {
    let fit: Examples
    /// Later than `fit`: stops the trees and calibrates.
    let tune: Examples
    /// Of the same time as `tune`, but of other users: says which model is served.
    let choose: Examples
    /// Latest of all: what the metrics are of.
    let test: Examples
    let horizonMs: Int64
    let fromMs: Int64
    let toMs: Int64
    let notes: [String]

    static let positivesMin = 20

    /// Labels every example whose horizon is closed by the newest event; the reason when there is
    /// too little to learn from.
    static func make(
        _ data: TrainingData, horizonHours: Int, featureNames: [String]
    ) -> Result<PropensityData, TooLittle> {
        guard data.exampleCount > 0 else { return .failure(TooLittle("no examples yet")) }
        guard data.featureCount == featureNames.count else {
            return .failure(
                TooLittle(
                    "examples have \(data.featureCount) features, this version knows "
                        + "\(featureNames.count)"))
        }
        let oldest = data.exampleTimesMs.min() ?? 0
        let span = data.newestMs - oldest
        var horizon = Int64(horizonHours) * 3_600_000
        var notes: [String] = []
        if span < horizonsMin * horizon {
            horizon = max(1, span / horizonsMin)
            notes.append(
                "horizon shortened to \(horizon / 3_600_000) h: the data span only "
                    + "\(span / 3_600_000) h")
        }
        let parts = Self.parts(data, horizonMs: horizon)
        let labels = Self.labels(data, horizonMs: horizon)
        for (part, (name, needed)) in zip(parts, Self.needed) {
            let yes = part.count { labels[$0] > 0 }
            if yes < needed || part.count - yes < needed {
                return .failure(
                    TooLittle(
                        "too few purchases: \(yes) of \(part.count) examples in the "
                            + "\(name) part were followed by one within "
                            + "\(horizon / 3_600_000) h; \(needed) are needed of each kind"))
            }
        }
        let made = parts.map { examples(data, $0, labels, featureNames) }
        return .success(
            PropensityData(
                fit: made[0], tune: made[1], choose: made[2], test: made[3], horizonMs: horizon,
                fromMs: oldest, toMs: data.newestMs, notes: notes))
    }

    /// Horizons that the data must span: one is not closed, two are gaps, three are for the parts.
    private static let horizonsMin: Int64 = 6
    private static let testShare = 0.2
    private static let tuneShare = 0.2

    /// Rows of each kind that the parts need, in their order; the halves of the tuning part half as
    /// many each.
    private static let needed = [
        ("fit", positivesMin), ("tune", positivesMin / 8), ("choice", positivesMin / 8),
        ("test", positivesMin / 4),
    ]

    /// Rows to fit, tune, choose and test on, by time: the newest fifth of what is closed is the
    /// test; the newest fifth of what lies a horizon before it is for tuning and choosing, half of
    /// its users each; what lies a horizon before that is fitted.
    private static func parts(_ data: TrainingData, horizonMs: Int64) -> [[Int]] {
        let times = data.exampleTimesMs
        var rest = times.indices
            .filter { times[$0] + horizonMs <= data.newestMs }
            .sorted { (times[$0], $0) < (times[$1], $1) }
        func newest(_ share: Double) -> [Int] {
            guard !rest.isEmpty else { return [] }
            let start = times[rest[Int(Double(rest.count) * (1 - share))]]
            let part = rest.filter { times[$0] >= start }
            rest = rest.filter { times[$0] + horizonMs <= start }
            return part
        }
        let test = newest(testShare)
        let tune = newest(tuneShare)
        // Users stand by name, so every second one is a half without an order in time.
        return [
            rest, tune.filter { data.exampleUsers[$0] % 2 == 0 },
            tune.filter { data.exampleUsers[$0] % 2 == 1 }, test,
        ]
    }

    struct TooLittle: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// For each example 1 where the user bought after it and within the horizon.
    private static func labels(_ data: TrainingData, horizonMs: Int64) -> [Float] {
        var purchases: [Int32: [Int64]] = [:]
        for row in data.interactionUsers.indices
        where Int32(data.interactionTypes[row]) == EventType.purchase.rawValue {
            purchases[data.interactionUsers[row], default: []]
                .append(data.interactionTimesMs[row])
        }
        for user in purchases.keys { purchases[user]?.sort() }
        return data.exampleTimesMs.indices.map { row in
            let time = data.exampleTimesMs[row]
            guard let times = purchases[data.exampleUsers[row]] else { return 0 }
            return times.contains { $0 > time && $0 <= time + horizonMs } ? 1 : 0
        }
    }

    private static func examples(
        _ data: TrainingData, _ rows: [Int], _ labels: [Float], _ names: [String]
    ) -> Examples {
        var elements: [Float] = []
        elements.reserveCapacity(rows.count * names.count)
        for row in rows {
            elements.append(
                contentsOf: data.exampleFeatures[row * names.count..<(row + 1) * names.count])
        }
        return Examples(
            featureNames: names,
            table: Matrix(rows: rows.count, columns: names.count, elements: elements),
            labels: rows.map { labels[$0] })
    }
}
