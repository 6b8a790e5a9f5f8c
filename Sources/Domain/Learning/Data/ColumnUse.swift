/// What a column of a table is good for.
package enum ColumnUse: Int32, Sendable, CaseIterable {
    case used = 0
    /// No row has a value.
    case missing = 1
    /// All rows that have a value have the same.
    case constant = 2
}
