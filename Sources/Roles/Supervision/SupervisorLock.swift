import PlainText
package import Runtime
package import System

/// One supervisor per folder.
package enum SupervisorLock {
    /// Commands look at the lock for a few microseconds each; who holds it for longer runs.
    private static let patience: Duration = .milliseconds(200)

    package static func take(_ folder: DataFolder) throws(StartFailure) -> FolderLock {
        let deadline = Clock.monotonic() + patience
        while true {
            do throws(StartFailure) {
                return try attempt(folder)
            } catch {
                guard error.exit == .unavailable, Clock.monotonic() < deadline else { throw error }
            }
            Clock.pause(.milliseconds(2))
        }
    }

    private static func attempt(_ folder: DataFolder) throws(StartFailure) -> FolderLock {
        let note =
            "limn-supervisor, pid \(ProcessFacts.currentPid()), since "
            + Timestamp.text(Clock.wallMs())
        do throws(FolderLock.Failure) {
            return try FolderLock(folder.lockFile, note: note)
        } catch {
            switch error {
            case .held(let holder):
                throw StartFailure(
                    .unavailable, "\(folder.path) is in use by \(holder)",
                    hint: "stop that one first, or use another folder")
            case .system(let error):
                throw StartFailure(.io, "cannot lock \(folder.path): \(error)")
            }
        }
    }
}

/// Where the roles' programs are: beside this one.
enum ProgramFolder {
    static func find() throws(StartFailure) -> String {
        guard let own = Environment.executablePath() else {
            throw StartFailure(.temporary, "cannot tell where this program is")
        }
        let folder = Files.parent(of: own)
        for kind in RoleKind.allCases where !Files.exists("\(folder)/\(kind.executable)") {
            throw StartFailure(
                .unavailable, "\(kind.executable) is not beside limn-supervisor in \(folder)",
                hint: "install all programs of Limn in one folder")
        }
        return folder
    }

    /// Killed roles leave their socket files behind.
    static func removeSockets(_ folder: DataFolder) {
        for name in (try? Files.list(folder.runFolder)) ?? [] where name.hasSuffix(".ipc") {
            try? Files.remove("\(folder.runFolder)/\(name)")
        }
        try? Files.remove(folder.acceptedConfigurationFile)
        try? Files.remove(folder.acceptedKeysFile)
        try? Files.remove(folder.runPlaceFile)
    }
}
