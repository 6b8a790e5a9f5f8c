package import System

extension DataFolder {
    /// Whether a supervisor runs the cluster of this folder, told at once by its lock; nil where
    /// the lock may not be read.
    package var isSupervised: Bool? { FolderLock.isHeld(lockFile) }

    /// Whether no supervisor was there for so long: answers at once while one is.
    package func isUnattended(for patience: Duration) -> Bool {
        let deadline = Clock.monotonic() + patience
        while isSupervised == false {
            if Clock.monotonic() >= deadline { return true }
            Clock.pause(.milliseconds(20))
        }
        return false
    }

    /// The process of the supervisor; nil where none lives, or it lives in another container.
    package var supervisorPid: Int32? { RunPlace.holder(path) }

    /// Asks the supervisor to stop the cluster in order, as SIGTERM does.
    /// - Returns: its process; nil where none was found.
    package func askSupervisorToStop() throws(SystemError) -> Int32? {
        guard let pid = supervisorPid, try Signals.send(Signals.terminate, to: pid) else {
            return nil
        }
        return pid
    }
}
