import PlainText
import System

/// What people and log files read of a process.
package enum StandardError {
    /// Writes the text in one call, so that lines of several processes do not mix.
    package static func write(_ text: String) {
        Descriptor.write(text, to: 2)
    }

    /// Prints a failure the way every Limn program does; what it quotes of files and flags cannot
    /// speak to the terminal.
    package static func report(_ program: String, _ failure: StartFailure) {
        write("\(program): \(VisibleText.lines(failure.description))\n")
    }
}
