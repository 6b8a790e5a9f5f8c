/// How a survey looks at records, as whoever asks for it wants.
package struct SurveyChoices: Sendable {
    package var outliers = OutlierMethod.iqr
    /// Nil: only prices are filled, with the median of their category.
    package var fill: Filling?
    /// The field whose groups are filled each with their own; empty: as for prices.
    package var by = ""

    package init() {}

    static let usualBy = "category"
}

/// By what a number is far out.
package enum OutlierMethod: String, CaseIterable, Sendable {
    /// Three interquartile ranges beyond the quartiles.
    case iqr
    /// A z-score beyond three.
    case zScore = "z-score"
}

/// What a missing value is filled with. Texts have a mode alone.
package enum Filling: String, CaseIterable, Sendable {
    case median, mean, mode

    /// What is there most often; of equals the least.
    static func mode(of numbers: [Double]) -> Double? {
        var counts: [Double: Int] = [:]
        for number in numbers { counts[number, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}

/// The values of one field in one group of records.
struct GroupValues: Sendable {
    private var numbers: [Double] = []
    private var texts: [String: Int] = [:]

    static let numbersMax = 200
    static let textsMax = 200
    /// Of fewer nobody can tell what is usual.
    static let countMin = 5

    mutating func add(_ number: Double) {
        if numbers.count < Self.numbersMax { numbers.append(number) }
    }

    mutating func add(_ text: String) {
        if texts[text] != nil || texts.count < Self.textsMax { texts[text, default: 0] += 1 }
    }

    /// Nil where there are too few.
    func usual(_ filling: Filling) -> String? {
        if texts.values.reduce(0, +) >= Self.countMin {
            return texts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        }
        guard numbers.count >= Self.countMin else { return nil }
        return switch filling {
        case .median: "\(numbers.sorted()[(numbers.count - 1) / 2])"
        case .mean: "\(numbers.reduce(0, +) / Double(numbers.count))"
        case .mode: Filling.mode(of: numbers).map { "\($0)" }
        }
    }
}
