/// Classes of exit codes, as sysexits.h has them; the supervisor does not restart after usage, data
/// or configuration failures, since trying again cannot help.
package enum ExitClass: Int32, Sendable, CaseIterable {
    case success = 0
    case usage = 64
    case data = 65
    case unavailable = 69
    case bug = 70
    case io = 74
    case temporary = 75
    case permission = 77
    case configuration = 78

    /// Whether starting again may help.
    package var mayRestart: Bool {
        switch self {
        case .usage, .data, .configuration: false
        default: true
        }
    }
}

/// Why something cannot start, what to do about it, and the code to end with.
package struct StartFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let exit: ExitClass
    package let message: String
    package let hint: String

    package init(_ exit: ExitClass, _ message: String, hint: String = "") {
        self.exit = exit
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.isEmpty ? message : "\(message)\n  → \(hint)" }
}
