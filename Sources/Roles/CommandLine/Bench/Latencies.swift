/// What a bench measured one by one, in microseconds.
struct Latencies {
    private var samples: [Double] = []

    mutating func add(_ microseconds: Double) { samples.append(microseconds) }

    var count: Int { samples.count }

    /// Not a number when nothing was measured.
    func quantile(_ share: Double) -> Double {
        guard !samples.isEmpty else { return .nan }
        let sorted = samples.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
