package import Messages

/// One field over many records: how often it is there, and with what.
package struct FieldSurvey: Sendable {
    package let field: RecordField
    package private(set) var records = 0
    package private(set) var missing = 0
    /// Of texts; those beyond ``spellingsMax`` are counted in ``unlisted`` alone.
    private var spellings: [String: Spelling] = [:]
    package private(set) var unlisted = 0
    /// Texts with blanks at an end, or several in a row.
    package private(set) var untidy = 0
    /// Texts that mean nothing, by spelling.
    package private(set) var blanks: [String: Int] = [:]
    /// Of numbers: each of the first, then every second, every fourth … in the order they came.
    package private(set) var sample: [Double] = []
    package private(set) var least = Double.infinity
    package private(set) var most = -Double.infinity
    private var sum = 0.0
    private var stride = 1
    private var skipped = 0

    /// How often a text is there, and what was seen when it came first.
    private struct Spelling: Sendable {
        var count = 0
        var isUntidy: Bool
        var isBlank: Bool

        init(_ text: String) {
            let tidy = TextStep.collapse.applied(to: text)
            isUntidy = tidy != text
            isBlank = FieldSurvey.blankWords.contains(tidy.lowercased())
        }
    }

    package static let spellingsMax = 50_000
    package static let sampleMax = 200_000
    static let blankWords: Set<String> = [
        "n/a", "na", "nan", "null", "nil", "none", "undefined", "unknown", "-", "--", "?", "#n/a",
        "(not set)", "(none)", "无", "未知", "空",
    ]

    package init(_ field: RecordField) { self.field = field }

    package var known: Int { records - missing }
    /// The share of records that have it.
    package var coverage: Double { records == 0 ? 0 : Double(known) / Double(records) }
    package var mean: Double { known == 0 ? .nan : sum / Double(known) }
    /// Of texts; nil where there are too many to tell.
    package var distinct: Int? { unlisted == 0 ? spellings.count : nil }
    package var isConstant: Bool {
        known > 1 && (field.isNumber ? least == most : distinct == 1)
    }

    /// Counts records that did not have it.
    mutating func skip(_ count: Int) {
        records += count
        missing += count
    }

    package mutating func add(_ content: Record.Content) {
        records += 1
        if field.isNumber {
            add(number: field.number(content))
        } else {
            add(text: field.text(content))
        }
    }

    private mutating func add(number: Double) {
        guard number != 0, number.isFinite else {
            missing += 1
            return
        }
        least = min(least, number)
        most = max(most, number)
        sum += number
        skipped += 1
        guard skipped >= stride else { return }
        skipped = 0
        sample.append(number)
        guard sample.count >= Self.sampleMax else { return }
        sample = sample.indices.filter { $0 % 2 == 1 }.map { sample[$0] }
        stride *= 2
    }

    private mutating func add(text: String) {
        guard !text.isEmpty else {
            missing += 1
            return
        }
        let known = spellings[text]
        var spelling = known ?? Spelling(text)
        spelling.count += 1
        if known != nil || spellings.count < Self.spellingsMax {
            spellings[text] = spelling
        } else {
            unlisted += 1
        }
        if spelling.isUntidy { untidy += 1 }
        if spelling.isBlank { blanks[text, default: 0] += 1 }
    }

    /// The commonest spellings, the first of them first.
    package func top(_ count: Int) -> [(text: String, count: Int)] {
        spellings.map { ($0.key, $0.value.count) }
            .sorted { ($0.1, $1.0) > ($1.1, $0.0) }.prefix(count)
            .map { ($0.0, $0.1) }
    }

    /// Quantiles of the sample at shares of 0 to 1, between neighbours; empty for no numbers.
    package func quantiles(_ shares: [Double]) -> [Double] {
        let sorted = sample.sorted()
        guard let last = sorted.indices.last else { return [] }
        return shares.map { share in
            let place = share * Double(last)
            let below = Int(place)
            let above = min(below + 1, last)
            return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
        }
    }

    /// What stands for a value that is missing: of texts the commonest. Empty where there is none.
    package func usual(_ filling: Filling) -> String {
        guard field.isNumber else { return top(1).first?.text ?? "" }
        switch filling {
        case .median: return quantiles([0.5]).first.map { "\($0)" } ?? ""
        case .mean: return known == 0 ? "" : "\(mean)"
        case .mode: return Filling.mode(of: sample).map { "\($0)" } ?? ""
        }
    }

    /// Where numbers are far out.
    package func fences(_ method: OutlierMethod) -> (low: Double, high: Double)? {
        method == .iqr ? fences : threeSigma
    }

    /// Three standard deviations about the mean of the sample; nil where all are alike.
    private var threeSigma: (low: Double, high: Double)? {
        guard sample.count > 1 else { return nil }
        let middle = sample.reduce(0, +) / Double(sample.count)
        let squares = sample.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        let spread = (squares / Double(sample.count - 1)).squareRoot()
        return spread > 0 ? (middle - 3 * spread, middle + 3 * spread) : nil
    }

    /// Where numbers are far out: three interquartile ranges beyond the quartiles (Tukey 1977), in
    /// logarithms where all are above 0, as prices and pieces are. Nil where half of all are alike.
    private var fences: (low: Double, high: Double)? {
        let quartiles = quantiles([0.25, 0.75])
        guard quartiles.count == 2, quartiles[1] > quartiles[0] else { return nil }
        let (low, high) = (quartiles[0], quartiles[1])
        guard least > 0 else { return (low - 3 * (high - low), high + 3 * (high - low)) }
        // e^(ln q₃ + 3 (ln q₃ − ln q₁)), without a logarithm.
        let ratio = high / low
        return (low / (ratio * ratio * ratio), high * ratio * ratio * ratio)
    }

    /// The share of the sample beyond the fences.
    package func outlierShare(_ method: OutlierMethod) -> Double {
        guard let fences = fences(method), !sample.isEmpty else { return 0 }
        return Double(sample.count { $0 < fences.low || $0 > fences.high }) / Double(sample.count)
    }

    /// Spellings that differ in case, width or blanks alone: the commonest of each, and the others.
    package var variants: [(kept: String, others: [String])] {
        var groups: [String: [(text: String, count: Int)]] = [:]
        for (text, spelling) in spellings {
            let folded = TextStep.collapse.applied(to: TextStep.halfwidth.applied(to: text))
                .lowercased()
            groups[folded, default: []].append((text, spelling.count))
        }
        return groups.values.filter { $0.count > 1 }
            .map { group in
                let sorted = group.sorted { ($0.count, $1.text) > ($1.count, $0.text) }
                return (sorted[0].text, sorted.dropFirst().map(\.text))
            }
            .sorted { $0.kept < $1.kept }
    }
}
