/// Numbers of a fixed width.
package enum Padding {
    /// A number with zeros before it up to a width.
    package static func zeros(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
