import System

extension DataFolder {
    var folders: [String] {
        [path, keysFolder, logFolder, stateFolder, modelsFolder, logsFolder]
    }

    package var isInitialised: Bool { Files.exists(configurationFile) }

    /// Makes folders, documented configuration and keys; refuses a folder that has them.
    package static func initialise(_ path: String) throws(StartFailure) -> DataFolder {
        let folder = try DataFolder(path)
        if folder.isInitialised {
            throw StartFailure(
                .configuration, "\(folder.path) is a Limn folder already",
                hint: "choose another folder, or use this one as it is")
        }
        do throws(SystemError) {
            for path in folder.folders {
                try Files.makeFolder(path, mode: 0o700)
                // One that somebody had made before.
                _ = try Files.makePrivate(path)
            }
        } catch {
            throw folder.notUsable(error)
        }
        try folder.prepareRunFolder()
        try Keys.make(in: folder)
        _ = try HashSecret.loadOrMake(folder)
        // Written last: its presence says that the folder is complete.
        do throws(SystemError) {
            try Files.writeAtomically(
                folder.configurationFile, Array(Configuration.defaultText.utf8), mode: 0o600)
        } catch {
            throw folder.notUsable(error)
        }
        return folder
    }

    /// Throws unless this is a complete Limn folder that this process may write.
    package func requireInitialised() throws(StartFailure) {
        guard isInitialised else {
            let what = Files.isFolder(path) ? "is not a Limn folder" : "does not exist"
            throw StartFailure(
                .configuration, "\(path) \(what)", hint: "limn init --folder \(path)")
        }
        for folder in folders where !Files.isFolder(folder) {
            do throws(SystemError) { try Files.makeFolder(folder) } catch { throw notUsable(error) }
        }
        try probeWriting()
        try prepareRunFolder()
    }

    /// Makes the folder of the sockets, and refuses one that somebody else could have prepared.
    package func prepareRunFolder() throws(StartFailure) {
        let isPrivate: Bool
        do throws(SystemError) {
            try Files.makeFolder(runFolder, mode: 0o700)
            let owner = try Files.owner(runFolder)
            let mode = try Files.mode(runFolder)
            isPrivate = owner == Files.currentOwner() && mode & 0o077 == 0
        } catch {
            throw notUsable(error)
        }
        guard isPrivate else {
            throw StartFailure(
                .permission, "others can reach the socket folder \(runFolder)",
                hint: "remove it, or: chmod 700 \(runFolder)")
        }
    }

    // A trial rather than access(2), which says yes to root even on a read-only file system.
    private func probeWriting() throws(StartFailure) {
        let probe = "\(path)/.write-probe"
        do throws(SystemError) {
            try Files.writeAtomically(probe, [], mode: 0o600)
            try Files.remove(probe)
        } catch {
            throw notUsable(error)
        }
    }

    func notUsable(_ error: SystemError) -> StartFailure {
        if error.isDiskFull {
            return StartFailure(.io, "no space left for \(path): \(error)", hint: "free some space")
        }
        return StartFailure(
            error.isPermission ? .permission : .io, "cannot write in \(path): \(error)",
            hint: "make the folder writable for this user, or choose another with --folder")
    }
}
