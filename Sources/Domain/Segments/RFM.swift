/// How lately, how often and for how much somebody buys, in fifths of all who buy.
package struct RFM: Sendable, Equatable {
    /// Upper ends of the first four fifths of days since the last purchase, of orders and of money
    /// spent, over the buyers at fitting.
    package let recency: [Double]
    package let frequency: [Double]
    package let monetary: [Double]

    /// Fewer buyers say nothing about fifths.
    package static let buyersMin = 5

    package init(recency: [Double], frequency: [Double], monetary: [Double]) {
        self.recency = recency
        self.frequency = frequency
        self.monetary = monetary
    }

    /// From the values of each buyer. Nil for fewer than ``buyersMin``.
    package static func fit(
        recency: [Double], frequency: [Double], monetary: [Double]
    ) -> RFM? {
        guard recency.count >= buyersMin else { return nil }
        return RFM(
            recency: fifths(recency), frequency: fifths(frequency), monetary: fifths(monetary))
    }

    private static func fifths(_ values: [Double]) -> [Double] {
        let sorted = values.sorted()
        return (1...4).map { sorted[(sorted.count * $0 + 4) / 5 - 1] }
    }

    /// Scores of 1 to 5, 5 is best; equal values have equal scores. Money is 0, unknown, where four
    /// fifths of the buyers have spent none: such a shop does not send prices.
    package struct Scores: Sendable, Equatable {
        package var recency: Int
        package var frequency: Int
        package var monetary: Int

        package init(recency: Int, frequency: Int, monetary: Int) {
            self.recency = recency
            self.frequency = frequency
            self.monetary = monetary
        }

        /// Mean of frequency and money, halves rounded up; frequency alone where money is unknown.
        package var value: Int { monetary == 0 ? frequency : (frequency + monetary + 1) / 2 }

        package var tier: Tier { Tier.of(recency: recency, value: value) }
    }

    package func scores(days: Double, orders: Double, spend: Double) -> Scores {
        Scores(
            recency: 5 - recency.count { $0 < days },
            frequency: 1 + frequency.count { $0 < orders },
            monetary: monetary.allSatisfy { $0 == 0 } ? 0 : 1 + monetary.count { $0 < spend })
    }

    /// What marketing calls the fields of recency against value.
    package enum Tier: String, CaseIterable, Sendable {
        case champions
        case loyal
        case potentialLoyalists = "potential loyalists"
        case recent
        case promising
        case needAttention = "need attention"
        case aboutToSleep = "about to sleep"
        case atRisk = "at risk"
        case cannotLose = "cannot lose"
        case hibernating

        private static let grid: [[Tier]] = [
            // Value 1 to 5, from recency 1 up.
            [.hibernating, .hibernating, .atRisk, .atRisk, .cannotLose],
            [.hibernating, .hibernating, .atRisk, .atRisk, .cannotLose],
            [.aboutToSleep, .aboutToSleep, .needAttention, .loyal, .loyal],
            [.promising, .potentialLoyalists, .potentialLoyalists, .loyal, .loyal],
            [.recent, .potentialLoyalists, .potentialLoyalists, .champions, .champions],
        ]

        /// Both scores are 1 to 5.
        package static func of(recency: Int, value: Int) -> Tier {
            grid[recency - 1][value - 1]
        }
    }
}
