import System

/// What people and log files read of a process.
package enum StandardError {
    /// Writes the text in one call, so that lines of several processes do not mix.
    package static func write(_ text: String) {
        Descriptor.write(text, to: 2)
    }

    /// Writes to standard output, for help texts.
    package static func writeOutput(_ text: String) {
        Descriptor.write(text, to: 1)
    }

    /// Prints a failure the way every Limn program does.
    package static func report(_ program: String, _ failure: StartFailure) {
        write("\(program): \(failure)\n")
    }
}
