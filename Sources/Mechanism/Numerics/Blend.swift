/// Adding up scores that live on different scales.
package enum Blend {
    /// sums += weight × (scores scaled so that the least is 0 and the greatest 1).
    package static func add(_ scores: [Float], weight: Float, to sums: inout [Float]) {
        precondition(scores.count == sums.count)
        scores.withReading { scores in
            var least = Float.infinity
            var greatest = -Float.infinity
            for index in 0..<scores.count {
                least = min(least, scores[index])
                greatest = max(greatest, scores[index])
            }
            let factor = weight / (greatest - least)
            guard factor.isFinite else { return }
            sums.withLane { sums in
                for index in 0..<sums.count { sums[index] += factor * (scores[index] - least) }
            }
        }
    }
}
