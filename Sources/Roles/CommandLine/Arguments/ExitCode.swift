/// What `limn` says to the shell; the numbers are those of sysexits.h where one exists.
package enum ExitCode: Int32, Sendable, CaseIterable {
    case success = 0
    case negative = 1
    case usage = 64
    case data = 65
    case unavailable = 69
    case bug = 70
    case inputOutput = 74
    case tryAgain = 75
    case permission = 77
    case configuration = 78
    case closedPipe = 141

    package var meaning: String {
        switch self {
        case .success: "done"
        case .negative: "done, and the answer is no: an unknown user, rejected records"
        case .usage: "the command line is wrong; nothing was done"
        case .data: "the input could not be understood"
        case .unavailable: "the cluster, or a program that is needed, is not there"
        case .bug: "a fault in Limn; please report it"
        case .inputOutput: "a file could not be read or written"
        case .tryAgain: "did not work now; the same command may work later"
        case .permission: "not allowed: keys or files of somebody else"
        case .configuration: "the configuration or the data folder is not usable"
        case .closedPipe: "whoever read the output left before its end"
        }
    }
}

/// A command's end with an error: what happened, and what to do next.
package struct CommandFailure: Error, Sendable, Equatable {
    package var exit: ExitCode
    package var message: String
    package var hint: String

    package init(_ exit: ExitCode, _ message: String, hint: String = "") {
        self.exit = exit
        self.message = message
        self.hint = hint
    }
}
