import Features
import Testing

@Suite("How a feature is spread over users")
struct SummaryTests {
    @Test("few values: everything is exact, unknown ones are only counted as missing")
    func exact() {
        var summary = FeatureSummary()
        for value in [4, .nan, 0, 8, 2, .nan, 6] as [Double] { summary.add(value) }
        #expect(summary.users == 7 && summary.known == 5 && summary.nonZero == 4)
        #expect(summary.coverage == 5.0 / 7)
        #expect(summary.mean == 4 && summary.least == 0 && summary.most == 8)
        #expect(summary.quantiles([0, 0.25, 0.5, 0.875, 1]) == [0, 2, 4, 7, 8])
        #expect(summary.histogram(from: 0, to: 8, bins: 4) == [1, 1, 1, 2])
    }

    @Test("many values: quantiles of the sample are near those of all")
    func sampled() {
        var summary = FeatureSummary()
        let count = 200_000
        // Rising, so that a sample of the first ones only would be wrong.
        for value in 0..<count { summary.add(Double(value)) }
        for (share, found) in zip([0.1, 0.5, 0.9], summary.quantiles([0.1, 0.5, 0.9])) {
            // Five standard errors of a quantile of 20,000.
            #expect(abs(found / Double(count) - share) < 5 * 0.5 / 141)
        }
        #expect(summary.mean == Double(count - 1) / 2)
    }

    @Test("nobody, and nobody of whom it is known")
    func empty() {
        var summary = FeatureSummary()
        #expect(summary.coverage.isNaN && summary.mean.isNaN)
        summary.add(.nan)
        #expect(summary.coverage == 0 && summary.quantiles([0.5])[0].isNaN)
        #expect(summary.histogram(from: .nan, to: .nan, bins: 3) == [0, 0, 0])
    }
}
