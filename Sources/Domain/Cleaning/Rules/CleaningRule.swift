/// What is done with one field. The steps follow each other in the order of these properties; each
/// that is not given does nothing.
package struct CleaningRule: Sendable, Equatable {
    /// What becomes of a value that may not be.
    package enum Otherwise: String, CaseIterable, Sendable {
        /// A number is moved to the nearest bound.
        case clip
        /// The value is taken out.
        case empty
        /// The record is put aside with the rejects.
        case reject
    }

    package var name: String
    /// Of the batches that it is for; empty: all.
    package var source = ""
    /// Nil: every kind of record that has the field.
    package var record: RecordKind?
    package var field = ""
    package var text: [TextStep] = []
    /// Texts that mean nothing, such as "n/a"; compared without case.
    package var missing: [String] = []
    /// Other spellings, and what they stand for.
    package var values: [String: String] = [:]
    /// From the source's unit to the shop's.
    package var factor = 1.0
    package var min: Double?
    package var max: Double?
    /// The only texts that may be; empty: any.
    package var allowed: [String] = []
    package var otherwise = Otherwise.reject
    /// For what is missing.
    package var fill = ""
    /// The field that says which of `fills` it is, before `fill`.
    package var by = ""
    package var fills: [String: String] = [:]
    /// What is missing still is put aside.
    package var required = false
    /// Instead of all of these: fields of events, or `all`. Of events that have the same in them,
    /// and lie no further apart than `withinMs`, the first is taken and the others dropped.
    package var once: [String] = []
    /// Nil: however far apart.
    package var withinMs: Int64?

    package init(_ name: String) { self.name = name }
}

/// What may be done to the letters of a text.
package enum TextStep: String, CaseIterable, Sendable {
    /// No blanks at the ends.
    case trim
    /// One blank between words.
    case collapse
    case lower
    case upper
    /// Full-width letters and digits as others write them: Ａ１ is A1.
    case halfwidth

    package func applied(to text: String) -> String {
        switch self {
        case .trim:
            let rest = text.drop { $0.isWhitespace }
            guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
            return String(rest[...last])
        case .collapse:
            return text.split(omittingEmptySubsequences: true) { $0.isWhitespace }
                .joined(separator: " ")
        case .lower: return text.lowercased()
        case .upper: return text.uppercased()
        case .halfwidth:
            var narrow = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                switch scalar.value {
                case 0xFF01...0xFF5E:
                    narrow.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
                case 0x3000: narrow.append(" ")
                default: narrow.append(scalar)
                }
            }
            return String(narrow)
        }
    }
}
