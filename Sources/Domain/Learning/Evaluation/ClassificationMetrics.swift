import Foundation

/// How good chances of yes are against what came (labels 0 or 1).
package enum ClassificationMetrics {
    /// The chance that a yes is ranked above a no, ties half; 0.5 when one kind is missing.
    package static func auc(_ chances: [Double], _ labels: [Float]) -> Double {
        precondition(chances.count == labels.count)
        let order = chances.indices.sorted { chances[$0] < chances[$1] }
        var rankSum = 0.0
        var yes = 0.0
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count && chances[order[end]] == chances[order[start]] { end += 1 }
            // Rows with equal chances share the mean of their ranks.
            let rank = Double(start + end + 1) / 2
            for place in start..<end where labels[order[place]] > 0.5 {
                rankSum += rank
                yes += 1
            }
            start = end
        }
        let no = Double(labels.count) - yes
        guard yes > 0, no > 0 else { return 0.5 }
        return (rankSum - yes * (yes + 1) / 2) / (yes * no)
    }

    /// Mean precision at the places of the yes rows (area under precision and recall).
    package static func averagePrecision(_ chances: [Double], _ labels: [Float]) -> Double {
        precondition(chances.count == labels.count)
        let order = chances.indices.sorted { (-chances[$0], $0) < (-chances[$1], $1) }
        let yes = labels.count { $0 > 0.5 }
        guard yes > 0 else { return 0 }
        var found = 0
        var sum = 0.0
        var start = 0
        while start < order.count {
            var end = start
            var here = 0
            while end < order.count && chances[order[end]] == chances[order[start]] {
                here += labels[order[end]] > 0.5 ? 1 : 0
                end += 1
            }
            found += here
            sum += Double(here) * Double(found) / Double(end)
            start = end
        }
        return sum / Double(yes)
    }

    /// Mean −log of the chance given to what came; chances are kept 1e−15 off 0 and 1.
    package static func logLoss(_ chances: [Double], _ labels: [Float]) -> Double {
        mean(chances, labels) { chance, label in
            let kept = min(max(chance, 1e-15), 1 - 1e-15)
            return label > 0.5 ? -log(kept) : -log(1 - kept)
        }
    }

    /// The log loss of always saying the base rate: what a model has to beat.
    package static func baseRateLogLoss(_ labels: [Float]) -> Double {
        guard !labels.isEmpty else { return 0 }
        let rate = Double(labels.reduce(0, +)) / Double(labels.count)
        return logLoss(labels.map { _ in rate }, labels)
    }

    /// Mean squared distance of chance and label.
    package static func brier(_ chances: [Double], _ labels: [Float]) -> Double {
        mean(chances, labels) { ($0 - Double($1)) * ($0 - Double($1)) }
    }

    private static func mean(
        _ chances: [Double], _ labels: [Float], _ figure: (Double, Float) -> Double
    ) -> Double {
        precondition(chances.count == labels.count)
        guard !labels.isEmpty else { return 0 }
        return zip(chances, labels).reduce(0) { $0 + figure($1.0, $1.1) } / Double(labels.count)
    }
}

/// Yes and no, said and come true.
package struct Confusion: Sendable, Equatable {
    package var trueYes = 0
    package var falseYes = 0
    package var trueNo = 0
    package var falseNo = 0

    /// Counts with yes said from `threshold` on.
    package init(_ chances: [Double], _ labels: [Float], threshold: Double = 0.5) {
        precondition(chances.count == labels.count)
        for (chance, label) in zip(chances, labels) {
            switch (chance >= threshold, label > 0.5) {
            case (true, true): trueYes += 1
            case (true, false): falseYes += 1
            case (false, true): falseNo += 1
            case (false, false): trueNo += 1
            }
        }
    }

    package var accuracy: Double { share(trueYes + trueNo, falseYes + falseNo) }
    package var precision: Double { share(trueYes, falseYes) }
    package var recall: Double { share(trueYes, falseNo) }
    package var f1: Double { share(2 * trueYes, falseYes + falseNo) }

    private func share(_ good: Int, _ bad: Int) -> Double {
        good + bad > 0 ? Double(good) / Double(good + bad) : 0
    }
}
