import System

/// What decides who gets in must not have been in others' hands: as with SSH, a secret that others
/// could read, or a table that others could write, is refused, not mended, because nobody knows
/// what they did with it.
package enum KeyFiles {
    /// Refuses the folder's keys if somebody else could have read or changed them.
    package static func check(_ folder: DataFolder) throws(StartFailure) {
        let names: [String]
        do throws(SystemError) {
            names = try Files.list(folder.keysFolder)
        } catch {
            throw folder.notUsable(error)
        }
        for name in names where name.hasSuffix(".key") || name == "client.json" {
            try require("\(folder.keysFolder)/\(name)", "a secret key", { !$0.isWide })
        }
        for path in [folder.authorisedFile, folder.configurationFile] {
            try require(path, "what decides who gets in", { !$0.isWritableByOthers })
        }
    }

    private static func require(
        _ path: String, _ what: String, _ isSafe: (FileAccess) -> Bool
    ) throws(StartFailure) {
        do {
            // Who put a link there may; what it points to is checked by whoever reads it.
            guard let access = try Files.reach(path), access.kind == .file else { return }
            let isRoot = access.owner == 0
            guard isSafe(access), access.isOwn || isRoot else {
                let mode = String(access.mode, radix: 8)
                throw StartFailure(
                    .permission,
                    "others could reach \(path), \(what) (mode \(mode), owner \(access.owner))",
                    hint: "look who did; then: chmod 600 \(path)"
                        + (what == "a secret key" ? ", or make new keys" : ""))
            }
        } catch let error as SystemError {
            throw StartFailure(.permission, "cannot look at \(path): \(error)")
        } catch let failure as StartFailure {
            throw failure
        } catch {
            throw StartFailure(.bug, "\(error)")
        }
    }
}

extension DataFolder {
    /// How deep below a folder of ours files lie: `models/NAME/FILE` and `base/state/FILE`.
    private static let depthMax = 3

    /// Takes from group and others what they may do with this folder, the files in it and all that
    /// is in the folders of the cluster, and names what was open to them. Somebody else's files are
    /// named too, and left.
    package func narrow() throws(StartFailure) -> [String] {
        var found: [String] = []
        do throws(SystemError) {
            try Self.narrow(path, depth: 0, &found)
            for name in try Files.list(path) {
                let entry = "\(path)/\(name)"
                if try Files.reach(entry)?.kind == .file {
                    try Self.narrow(entry, depth: 0, &found)
                }
            }
            // A link to another disk is followed, for the folders that may be on one.
            for folder in folders + [baseFolder, runFolder] where folder != path {
                try Self.narrow("\(folder)/.", depth: Self.depthMax, &found)
            }
        } catch {
            throw notUsable(error)
        }
        return found
    }

    private static func narrow(
        _ path: String, depth: Int, _ found: inout [String]
    ) throws(SystemError) {
        guard let access = try Files.reach(path), access.kind != .other else { return }
        if !access.isOwn { return found.append("\(path) (not ours)") }
        if try Files.makePrivate(path) {
            found.append("\(path) (\(String(access.mode, radix: 8)))")
        }
        guard access.kind == .folder, depth > 0 else { return }
        for name in try Files.list(path) {
            try narrow("\(path)/\(name)", depth: depth - 1, &found)
        }
    }
}
