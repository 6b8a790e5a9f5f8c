import Runtime
import Storage
import System

/// Why something of the archive could not be done; nothing half done is left under a final name.
package enum ArchiveFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was asked cannot be done with this folder; the second text says what to do.
    case refused(String, hint: String)
    /// The file is not what it must be.
    case damaged(file: String, String)
    /// The log has no record where one is needed.
    case gap(partition: Int, wanted: UInt64, firstKept: UInt64)
    /// Reading or writing failed.
    case inputOutput(String)

    package var description: String {
        switch self {
        case .refused(let text, _): text
        case .damaged(let file, let text): "\(file): \(text)"
        case .gap(let partition, let wanted, let firstKept):
            "partition \(partition): the log begins at \(firstKept), and no base reaches it from "
                + "\(wanted)"
        case .inputOutput(let text): text
        }
    }

    package init(_ error: any Error) {
        switch error {
        case let error as ArchiveFailure: self = error
        case let error as StartFailure: self = .refused(error.message, hint: error.hint)
        case StorageError.other(let text): self = .inputOutput(text)
        case StorageError.corrupt(let text): self = .inputOutput("damaged: \(text)")
        default: self = .inputOutput("\(error)")
        }
    }
}

/// Told while something long goes on: units done of all, or of an unknown number.
package typealias Progress = @Sendable (_ done: Int, _ all: Int?) -> Void
