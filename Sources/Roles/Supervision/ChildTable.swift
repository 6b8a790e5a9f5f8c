import Runtime
import System

/// The processes of this supervisor, and their record on disk, by which a later supervisor finds
/// those that outlived a killed one.
struct ChildTable: ~Copyable {
    private let folder: DataFolder
    private let programs: String
    private let isVerbose: Bool
    private let log: Configuration.LogSettings
    private let lifelineRead: Int32
    private let lifelineWrite: Int32
    private(set) var children: [Slot: ChildProcess] = [:]

    init(
        folder: DataFolder, programs: String, isVerbose: Bool, log: Configuration.LogSettings
    ) throws(SystemError) {
        self.log = log
        self.folder = folder
        self.programs = programs
        self.isVerbose = isVerbose
        (lifelineRead, lifelineWrite) = try Descriptor.pipe().release()
    }

    deinit {
        _ = Descriptor(owning: lifelineRead)
        _ = Descriptor(owning: lifelineWrite)
    }

    mutating func spawn(_ slot: Slot) throws(SystemError) -> ChildProcess {
        var request = SpawnRequest(
            path: "\(programs)/\(slot.kind.executable)",
            arguments: ["--folder", folder.path, "--index", "\(slot.index)"])
        let accepted = folder.acceptedConfigurationFile
        if Files.exists(accepted) { request.arguments += ["--configuration", accepted] }
        request.lifeline = lifelineRead
        let child: ChildProcess
        if isVerbose {
            request.output = 2
            child = try ChildProcess.spawn(request)
        } else {
            let log = try openLog(slot)
            request.output = log.raw
            request.errors = log.raw
            child = try ChildProcess.spawn(request)
        }
        children[slot] = child
        try? writeRecord()
        return child
    }

    mutating func remove(_ slot: Slot) {
        children[slot] = nil
        try? writeRecord()
    }

    private func openLog(_ slot: Slot) throws(SystemError) -> Descriptor {
        let path = folder.roleLogFile(slot.kind, slot.index)
        // A role turns it itself, unless it never comes as far as that.
        if let size = try? Files.size(path), size > log.fileBytesMax {
            _ = TurningFile.putAside(path, filesMax: log.filesMax)
        }
        return try Descriptor.appending(path)
    }

    private func writeRecord() throws(SystemError) {
        let lines = children.map { "\($0.value.pid) \($0.value.startTicks) \($0.key)\n" }
        try Files.writeAtomically(
            folder.runRecordFile, Array(lines.sorted().joined().utf8), mode: 0o600)
    }

    /// Kills what a killed supervisor left and returns the names; the folder must be locked.
    static func killLeftovers(_ folder: DataFolder, timeout: Duration) -> [String] {
        guard let text = try? Files.readText(folder.runRecordFile, bytesMax: 1 << 20) else {
            return []
        }
        var killed: [(name: String, pid: Int32, ticks: UInt64)] = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 3, let pid = Int32(fields[0]), let ticks = UInt64(fields[1]),
                ChildProcess.killLeftover(pid: pid, startTicks: ticks)
            else { continue }
            killed.append((String(fields[2]), pid, ticks))
        }
        // Their sockets must be free before new ones are bound.
        let deadline = Clock.monotonic() + timeout
        while killed.contains(where: { ProcessFacts.startTicks(pid: $0.pid) == $0.ticks }),
            Clock.monotonic() < deadline
        {
            Clock.pause(.milliseconds(10))
        }
        try? Files.remove(folder.runRecordFile)
        return killed.map { "\($0.name) (pid \($0.pid))" }
    }
}
