import System

/// Where everything of one cluster on this host lies.
package struct DataFolder: Sendable, Equatable {
    /// Absolute.
    package let path: String
    /// Where the ipc sockets are: `run/`, or a short folder elsewhere when the path is too long.
    package let runFolder: String

    /// Longest ipc path: what fits into `sockaddr_un` with its final zero.
    static let ipcPathBytesMax = 107
    /// The longest socket name below the run folder is `/features-63-changes.ipc`.
    static let socketNameBytesMax = 24

    /// A long path gets a run folder below `$XDG_RUNTIME_DIR` or `/tmp`, unless a cluster that runs
    /// has noted another: the variable differs between a login, cron and a service.
    package init(_ path: String) throws(StartFailure) {
        try self.init(path, runtimeFolder: Environment.variable("XDG_RUNTIME_DIR"))
    }

    init(_ path: String, runtimeFolder: String?) throws(StartFailure) {
        guard !path.isEmpty else {
            throw StartFailure(.usage, "the data folder is missing", hint: "give --folder DIR")
        }
        let absolute = Files.absolute(path)
        self.path = absolute
        let inside = "\(absolute)/run"
        if Self.fits(inside) {
            runFolder = inside
            return
        }
        if let noted = RunPlace.inUse(absolute) {
            runFolder = noted
            return
        }
        let short = "limn-" + Digest.sha256Hex(Array(absolute.utf8)).prefix(16)
        let candidates = [runtimeFolder, "/tmp"].compactMap { $0 }.map { "\($0)/\(short)" }
        guard let chosen = candidates.first(where: Self.fits) else {
            throw StartFailure(
                .configuration, "no folder has a path short enough for sockets: \(absolute)",
                hint: "choose a data folder whose path has at most "
                    + "\(Self.ipcPathBytesMax - Self.socketNameBytesMax - 4) bytes")
        }
        runFolder = chosen
    }

    private static func fits(_ folder: String) -> Bool {
        folder.utf8.count + socketNameBytesMax <= ipcPathBytesMax
    }

    package var configurationFile: String { "\(path)/limn.json5" }
    package var keysFolder: String { "\(path)/keys" }
    /// See ``HashSecret``.
    package var hashSecretFile: String { "\(keysFolder)/hash.key" }
    /// Who may connect, as people edit it.
    package var authorisedFile: String { "\(path)/keys/authorised.json5" }
    /// The texts that the running cluster has accepted: a process that starts again while somebody
    /// edits a file must not read half of it.
    package var acceptedConfigurationFile: String { "\(runFolder)/accepted.json5" }
    package var acceptedKeysFile: String { "\(runFolder)/authorised.json5" }
    package var logFolder: String { "\(path)/log" }
    package var eventLogFile: String { "\(path)/log/events.sqlite" }
    /// Who may write which partition.
    package var leasesFile: String { "\(path)/leases.sqlite" }
    /// Who is in which audience, as told last.
    package var audiencesFile: String { "\(path)/audiences.sqlite" }
    package var stateFolder: String { "\(path)/state" }
    /// The states as they were where the log begins, once a part of it was removed.
    package var baseFolder: String { "\(path)/base" }
    /// Held shared by whoever reads log and base together, alone by whoever removes.
    package var retentionLockFile: String { "\(path)/log/retention.lock" }
    package var modelsFolder: String { "\(path)/models" }
    /// Fitted by hand, unlike what the trainer makes.
    package var riskModelFile: String { "\(path)/models/risk.safetensors" }
    package var segmentModelFile: String { "\(path)/models/segments.safetensors" }
    package var logsFolder: String { "\(path)/logs" }
    package var lockFile: String { "\(path)/supervisor.lock" }
    /// Where the sockets of the running cluster are, and whose they are.
    package var runPlaceFile: String { RunPlace.file(path) }
    package var runRecordFile: String { "\(path)/supervisor.run" }

    /// `logs/features-0.log`
    package func roleLogFile(_ kind: RoleKind, _ index: Int) -> String {
        "\(logsFolder)/\(kind.rawValue)-\(index).log"
    }
}
