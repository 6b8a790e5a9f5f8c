import Runtime
import Storage
import System

/// A throw-away cluster of real processes for a measurement.
final class BenchCluster {
    let folder: DataFolder
    let configuration: Configuration
    private(set) var processes: [(name: String, child: ChildProcess)] = []

    init(workers: Int) throws {
        let path = try Files.makeTemporaryFolder(prefix: "limn-bench-")
        folder = try DataFolder.initialise(path + "/data")
        try folder.prepareRunFolder()
        let text = """
            { ingest: { listen: "" }, scoring: { listen: "" }, features: { workers: \(workers) },
              supervisor: { http: "" } }
            """
        try Files.writeAtomically(folder.configurationFile, Array(text.utf8))
        configuration = try Configuration.load(folder.configurationFile)
    }

    /// Starts one role alone, its words kept in a file of the folder.
    func start(_ kind: RoleKind, index: Int = 0) throws {
        let own = Environment.executablePath() ?? "limn"
        let binaries = own.split(separator: "/").dropLast().joined(separator: "/")
        var request = SpawnRequest(
            path: "/\(binaries)/\(kind.executable)",
            arguments: ["--folder", folder.path, "--index", "\(index)", "--standalone"])
        let log = try Descriptor.appending(folder.roleLogFile(kind, index))
        request.output = log.raw
        request.errors = log.raw
        processes.append(("\(kind.rawValue)-\(index)", try ChildProcess.spawn(request)))
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

    func stop() {
        for (_, child) in processes { child.signalGroup(15) }
        for (_, child) in processes where child.wait(timeout: .seconds(10)) == nil {
            child.signalGroup(9)
            _ = child.wait(timeout: .seconds(5))
        }
        processes = []
        let parent = folder.path.split(separator: "/").dropLast().joined(separator: "/")
        try? Files.removeTree("/" + parent)
    }
}
