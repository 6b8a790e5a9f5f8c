/// What to do with refused records.
package struct RejectsAction: WireEnum {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let list = Self(rawValue: 0)
    /// Takes the records again, corrected or as they are; each counts at most once.
    package static let retry = Self(rawValue: 1)
    /// Gives them up; the counts stay.
    package static let drop = Self(rawValue: 2)

    /// Every value of the schema, in number order, with its name.
    package static let named: [(value: Self, name: String)] = [
        (.list, "list"),
        (.retry, "retry"),
        (.drop, "drop"),
    ]
}
