package import Runtime
import System

/// Keeps log and base together: shared by those who read both, alone by retention while it moves
/// what is needed from one to the other.
package final class RetentionLock: Sendable {
    private let lock: FolderLock

    private init(_ lock: consuming FolderLock) { self.lock = lock }

    /// Waits for retention to end its step.
    package static func shared(
        _ folder: DataFolder, patience: Duration = .seconds(60)
    ) throws -> RetentionLock {
        let deadline = Clock.monotonic() + patience
        while true {
            do throws(FolderLock.Failure) {
                return RetentionLock(
                    try FolderLock(folder.retentionLockFile, note: "", isShared: true))
            } catch {
                guard case .held(let holder) = error, Clock.monotonic() < deadline else {
                    throw ArchiveFailure.refused(
                        "the log is in use: \(error)", hint: "try again in a moment")
                }
                _ = holder
                Clock.pause(.milliseconds(50))
            }
        }
    }

    /// For retention; nil while somebody reads.
    package static func alone(_ folder: DataFolder) -> RetentionLock? {
        guard let lock = try? FolderLock(folder.retentionLockFile, note: "retention") else {
            return nil
        }
        return RetentionLock(lock)
    }
}
