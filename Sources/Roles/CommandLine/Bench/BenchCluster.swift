import Runtime
import Storage
import System

/// A throw-away cluster of real processes for a measurement.
final class BenchCluster {
    let folder: DataFolder
    let configuration: Configuration
    private(set) var processes: [(name: String, child: ChildProcess)] = []

    /// `hotUsers` 0 leaves the choice to the worker.
    init(workers: Int, hotUsers: Int = 0) throws {
        let path = try Files.makeTemporaryFolder(prefix: "limn-bench-")
        folder = try DataFolder.initialise(path + "/data")
        try folder.prepareRunFolder()
        let text = """
            {
              ingest: { listen: "" },
              scoring: { listen: "" },
              features: { workers: \(workers), hotUsersMax: \(hotUsers) },
              trainer: { onStart: false, every: "0" },
              supervisor: { http: "" },
            }
            """
        try Files.writeAtomically(folder.configurationFile, Array(text.utf8))
        configuration = try Configuration.load(folder.configurationFile)
    }

    /// Starts one role alone, its words kept in a file of the folder.
    func start(_ kind: RoleKind, index: Int = 0) throws {
        try spawn(
            kind.executable, ["--index", "\(index)", "--standalone"],
            log: folder.roleLogFile(kind, index), name: "\(kind.rawValue)-\(index)")
    }

    /// Starts the whole of it, as a user does.
    func startSupervisor() throws {
        try spawn(
            "limn-supervisor", [], log: "\(folder.logsFolder)/supervisor.log", name: "supervisor")
    }

    private func spawn(
        _ program: String, _ arguments: [String], log path: String, name: String
    ) throws {
        Environment.tuneAllocator()
        let binaries = Files.parent(of: Environment.executablePath() ?? "/")
        var request = SpawnRequest(
            path: "\(binaries)/\(program)", arguments: ["--folder", folder.path] + arguments)
        let log = try Descriptor.appending(path)
        request.output = log.raw
        request.errors = log.raw
        processes.append((name, try ChildProcess.spawn(request)))
    }

    var endpoints: Endpoints { Endpoints(folder: folder, configuration: configuration) }

    /// Records whose effect is committed, read from the partition files themselves.
    func committedRecords() -> UInt64 {
        var total: UInt64 = 0
        for partition in 0..<Endpoints.partitions {
            let store = try? SQLitePartitionStore(
                folder: folder.stateFolder, partition: partition, readOnly: true)
            total += (try? store?.appliedOffset()) ?? 0
        }
        return total
    }

    /// Users with a stored state.
    func knownUsers() -> Int {
        (0..<Endpoints.partitions).reduce(0) { sum, partition in
            let store = try? SQLitePartitionStore(
                folder: folder.stateFolder, partition: partition, readOnly: true)
            return sum + ((try? store?.userCount()) ?? 0)
        }
    }

    /// Waits until so many records of users are committed.
    func waitUntilCommitted(_ records: UInt64, timeout: Duration) throws {
        let deadline = Clock.monotonic() + timeout
        while committedRecords() < records {
            guard Clock.monotonic() < deadline else { throw RequestFailure.timedOut }
            Clock.pause(.milliseconds(20))
        }
    }

    /// Processor time per process so far, in seconds.
    func processorSeconds() -> [(name: String, seconds: Double)] {
        processes.map { ($0.name, ProcessFacts.cpuSeconds(pid: $0.child.pid)) }
    }

    /// Memory per process, in bytes.
    func residentBytes() -> [(name: String, bytes: UInt64)] {
        processes.map { ($0.name, ProcessFacts.residentBytes(pid: $0.child.pid)) }
    }

    /// Ends the processes; the folder stays.
    func stopProcesses() {
        for (_, child) in processes { child.signalGroup(15) }
        for (_, child) in processes where child.wait(timeout: .seconds(10)) == nil {
            child.signalGroup(9)
            _ = child.wait(timeout: .seconds(5))
        }
        processes = []
    }

    func stop() {
        stopProcesses()
        let parent = folder.path.split(separator: "/").dropLast().joined(separator: "/")
        try? Files.removeTree("/" + parent)
    }
}
