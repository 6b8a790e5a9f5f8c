import Glibc
import Messages
import Runtime
import System
import Testing

/// A cluster in a folder of its own: real programs, real sockets, and nothing left behind.
final class ClusterHarness {
    static let quietConfiguration = """
        {
          ingest: {listen: ""},
          scoring: {listen: ""},
          trainer: {onStart: false, every: "0"},
          supervisor: {
            backoffFirst: "20 ms", backoffMax: "200 ms", restartsMax: 1000, stopGrace: "5 s",
          },
        }
        """

    let folder: DataFolder
    private let parent: String
    private(set) var supervisor: ChildProcess?

    /// Makes the folder with `limn init`; nothing runs yet.
    init(configuration: String = quietConfiguration) throws {
        parent = try Files.makeTemporaryFolder(prefix: "limn-cluster")
        let path = "\(parent)/shop"
        let made = try Programs.run("limn", ["init", "--folder", path])
        try #require(made.status == .exited(0), "\(made.output)")
        folder = try DataFolder(path)
        try configure(configuration)
    }

    deinit {
        supervisor?.signalGroup(Signals.kill)
        for pid in processes() { kill(pid, SIGKILL) }
        try? Files.removeTree(parent)
    }

    /// Runs a body with a ready cluster, stops it and checks that nothing is left.
    static func withCluster(
        configuration: String = quietConfiguration, _ body: (ClusterHarness) throws -> Void
    ) throws {
        let cluster = try ClusterHarness(configuration: configuration)
        try cluster.start()
        do {
            try body(cluster)
        } catch {
            print("supervisor said:\n\(cluster.lastWords)")
            throw error
        }
        try cluster.stop()
    }

    func configure(_ text: String) throws {
        try Files.writeAtomically(folder.configurationFile, Array(text.utf8), mode: 0o600)
    }

    var endpoints: Endpoints { Endpoints(folder: folder, configuration: Configuration()) }
    var output: String { "\(parent)/supervisor.txt" }
    var lastWords: String { (try? Files.readText(output)).map { String($0.suffix(4000)) } ?? "" }

    func start() throws {
        supervisor = try Programs.start(
            "limn-supervisor", ["--folder", folder.path, "--foreground"], output: output)
        _ = try waitReady()
    }

    func keys(_ holder: Keys.Holder) throws -> Keys { try Keys.load(folder, as: holder) }

    func client(
        _ endpoint: String, as holder: Keys.Holder, role: SocketRoleName = .scoring
    ) throws -> RequestClient {
        try RequestClient(endpoint: endpoint, keys: keys(holder), role: role.role)
    }

    func producer(_ name: String, epoch: UInt64 = 1) throws -> ProducerClient {
        let producer = try ProducerClient(
            endpoint: endpoints.ingest, keys: keys(.client), producer: name, epoch: epoch)
        producer.resendAfter = .milliseconds(500)
        return producer
    }

    /// What the supervisor says, or nil if it does not answer.
    func status() -> Status? {
        guard let client = try? client(endpoints.control, as: .operator, role: .control) else {
            return nil
        }
        return try? client.ask(.statusRequest, StatusRequest(), as: Status.self)
    }

    @discardableResult
    func waitReady(within limit: Duration = .seconds(30)) throws -> Status {
        try wait(for: "a ready cluster", within: limit) {
            guard let status = status(), status.state == "ready" else { return nil }
            return status
        }
    }

    func pid(of kind: RoleKind) throws -> Int32 {
        let roles = try #require(status()).roles
        return Int32(try #require(roles.first { $0.role == kind.rawValue }).pid)
    }

    /// Stops with SIGTERM: exit 0, no process left, no socket left.
    func stop() throws {
        let running = try #require(supervisor)
        kill(running.pid, SIGTERM)
        let status = running.wait(timeout: .seconds(25))
        #expect(status == .exited(0), "\(lastWords)")
        if status != nil { supervisor = nil }
        #expect(processes().isEmpty, "left running: \(processes())")
        #expect(sockets().isEmpty, "left in run/: \(sockets())")
    }

    /// `kill -9` of the supervisor alone.
    func killSupervisor() throws {
        let running = try #require(supervisor)
        kill(running.pid, SIGKILL)
        #expect(running.wait(timeout: .seconds(5)) == .signalled(SIGKILL))
        supervisor = nil
    }

    func sockets() -> [String] {
        ((try? Files.list(folder.runFolder)) ?? []).filter { $0.hasSuffix(".ipc") }
    }

    /// Every process with this folder on its command line.
    func processes() -> [Int32] {
        let needle = "--folder\0\(folder.path)\0"
        return ((try? Files.list("/proc")) ?? []).compactMap { name in
            guard let pid = Int32(name),
                let line = try? Files.readText("/proc/\(pid)/cmdline", bytesMax: 1 << 16),
                line.contains(needle)
            else { return nil }
            return pid
        }
    }
}
