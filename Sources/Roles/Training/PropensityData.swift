import Learning
import Messages
import Numerics

/// Examples with labels, split by time: what a model of purchases is fitted, tuned and judged on.
struct PropensityData {
    let fit: Examples
    /// Later than `fit`: stops the trees and calibrates.
    let tune: Examples
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
        if span < 3 * horizon {
            horizon = max(1, span / 3)
            notes.append(
                "horizon shortened to \(horizon / 3_600_000) h: the data span only "
                    + "\(span / 3_600_000) h")
        }
        let closed = data.exampleTimesMs.indices
            .filter { data.exampleTimesMs[$0] + horizon <= data.newestMs }
            .sorted { (data.exampleTimesMs[$0], $0) < (data.exampleTimesMs[$1], $1) }
        let labels = Self.labels(data, rows: closed, horizonMs: horizon)
        let cuts = (closed.count * 64 / 100, closed.count * 80 / 100)
        let parts = [0..<cuts.0, cuts.0..<cuts.1, cuts.1..<closed.count]
        for (part, name) in zip(parts, ["fit", "tune", "test"]) {
            let yes = part.count { labels[$0] > 0 }
            let needed = name == "fit" ? positivesMin : positivesMin / 4
            if yes < needed || part.count - yes < needed {
                return .failure(
                    TooLittle(
                        "too few purchases: \(yes) of \(part.count) examples in the "
                            + "\(name) part were followed by one within "
                            + "\(horizon / 3_600_000) h; \(needed) are needed of each kind"))
            }
        }
        let made = parts.map { examples(data, closed[$0], labels[$0], featureNames) }
        return .success(
            PropensityData(
                fit: made[0], tune: made[1], test: made[2], horizonMs: horizon, fromMs: oldest,
                toMs: data.newestMs, notes: notes))
    }

    struct TooLittle: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// 1 where the user bought after the example and within the horizon.
    private static func labels(
        _ data: TrainingData, rows: [Int], horizonMs: Int64
    ) -> [Float] {
        var purchases: [Int32: [Int64]] = [:]
        for row in data.interactionUsers.indices
        where Int32(data.interactionTypes[row]) == EventType.purchase.rawValue {
            purchases[data.interactionUsers[row], default: []]
                .append(data.interactionTimesMs[row])
        }
        for user in purchases.keys { purchases[user]?.sort() }
        return rows.map { row in
            let time = data.exampleTimesMs[row]
            guard let times = purchases[data.exampleUsers[row]] else { return 0 }
            return times.contains { $0 > time && $0 <= time + horizonMs } ? 1 : 0
        }
    }

    private static func examples(
        _ data: TrainingData, _ rows: ArraySlice<Int>, _ labels: ArraySlice<Float>,
        _ names: [String]
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
            labels: Array(labels))
    }
}
