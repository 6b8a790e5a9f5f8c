import Glibc
package import Messages
package import Runtime
package import System
import ZeroMQ

/// A cluster in a folder of its own: real programs, real sockets, and nothing left behind.
package final class ClusterHarness {
    package static let quietConfiguration = """
        {
          ingest: {listen: ""},
          scoring: {listen: ""},
          trainer: {onStart: false, every: "0"},
          supervisor: {
            backoffFirst: "20 ms", backoffMax: "200 ms", restartsMax: 1000, stopGrace: "5 s",
            http: "",
          },
        }
        """

    package let folder: DataFolder
    /// What `LIMN_FAULT` says to supervisor and roles.
    package var faults = ""
    /// Where supervisor and roles read how wrong their clock is; "" = it is right.
    package var clockFile = ""
    /// Roles write to their log files, not to the supervisor's output.
    package var logsToFiles = false
    /// More variables for the supervisor, as `NAME=value`.
    package var variables: [String] = []
    private let parent: String
    package private(set) var supervisor: ChildProcess?

    /// Makes the folder with `limn init`, or otherwise; nothing runs yet.
    package init(
        configuration: String = quietConfiguration, below base: String? = nil,
        making words: (_ path: String) -> [String] = { ["init", "--folder", $0] }
    ) throws {
        if let base {
            parent = base
        } else {
            parent = try Files.makeTemporaryFolder(prefix: "limn-cluster")
        }
        let path = "\(parent)/shop"
        let made = try Programs.run("limn", words(path), timeout: .seconds(60))
        guard made.status == .exited(0) else { throw HarnessFailure(made.output) }
        folder = try DataFolder(path)
        try configure(configuration)
    }

    deinit {
        supervisor?.signalGroup(Signals.kill)
        // A child nobody waits for would keep whoever waits for any child busy.
        _ = supervisor?.wait(timeout: .seconds(5))
        for pid in processes() { kill(pid, SIGKILL) }
        try? Files.removeTree(parent)
    }

    /// Runs a body with a ready cluster, stops it and checks that nothing is left.
    package static func withCluster(
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

    package func configure(_ text: String) throws {
        try Files.writeAtomically(folder.configurationFile, Array(text.utf8), mode: 0o600)
    }

    package var endpoints: Endpoints {
        Endpoints(folder: folder, configuration: Configuration())
    }
    package var output: String { "\(parent)/supervisor.txt" }
    package var lastWords: String {
        (try? Files.readText(output)).map { String($0.suffix(4000)) } ?? ""
    }

    package func start() throws {
        try spawnSupervisor()
        try waitReady()
    }

    /// Starts the supervisor without waiting for anything.
    package func spawnSupervisor() throws {
        let arguments = ["--folder", folder.path] + (logsToFiles ? [] : ["--foreground"])
        supervisor = try Programs.start(
            "limn-supervisor", arguments, output: output, environment: environment)
    }

    private var environment: [String] {
        (faults.isEmpty ? [] : ["LIMN_FAULT=\(faults)"])
            + variables + (clockFile.isEmpty ? [] : ["LIMN_FAULT_CLOCK=\(clockFile)"])
    }

    /// Makes another key that may do something, before the start or a reload.
    package func addKey(_ name: String, may verbs: [String]) throws -> Keys {
        let pair = try KeyPair.generate()
        let text = try Files.readText(folder.authorisedFile)
        let may = verbs.map { "\"\($0)\"" }.joined(separator: ", ")
        let line = "  \"\(pair.publicKey.text)\": {name: \"\(name)\", may: [\(may)]},\n"
        guard let end = text.lastIndex(of: "}") else { throw HarnessFailure("no table of keys") }
        let table = text[..<end] + line + text[end...]
        try Files.writeAtomically(folder.authorisedFile, Array(table.utf8), mode: 0o600)
        return Keys(own: pair, server: nil, serverPublicKey: try keys(.client).serverPublicKey)
    }

    package func keys(_ holder: Keys.Holder) throws -> Keys { try Keys.load(folder, as: holder) }

    package func client(
        _ endpoint: String, as holder: Keys.Holder, role: SocketRoleName = .scoring
    ) throws -> RequestClient {
        try RequestClient(endpoint: endpoint, keys: keys(holder), role: role.role)
    }

    package func producer(_ name: String, epoch: UInt64 = 1) throws -> ProducerClient {
        let producer = try ProducerClient(
            endpoint: endpoints.ingest, keys: keys(.client), producer: name, epoch: epoch)
        producer.resendAfter = .milliseconds(500)
        return producer
    }

    /// What the supervisor says, or nil if it does not answer.
    package func status() -> Status? {
        guard let client = try? client(endpoints.control, as: .operator, role: .control) else {
            return nil
        }
        return try? client.ask(.statusRequest, StatusRequest(), as: Status.self)
    }

    @discardableResult
    package func waitReady(within limit: Duration = .seconds(30)) throws -> Status {
        try wait(for: "a ready cluster", within: limit) {
            guard let status = status(), status.state == "ready" else { return nil }
            return status
        }
    }

    package func pid(of kind: RoleKind) throws -> Int32 {
        guard let role = status()?.roles.first(where: { $0.role == kind.rawValue }) else {
            throw HarnessFailure("no status of \(kind)")
        }
        return Int32(role.pid)
    }

    /// Stops with SIGTERM: exit 0, no process left, no socket left.
    package func stop() throws {
        guard let running = supervisor else { throw HarnessFailure("no supervisor runs") }
        kill(running.pid, SIGTERM)
        let status = running.wait(timeout: .seconds(25))
        guard status == .exited(0) else {
            throw HarnessFailure("ended with \(status.map { "\($0)" } ?? "nothing"): \(lastWords)")
        }
        supervisor = nil
        if !processes().isEmpty { throw HarnessFailure("left running: \(processes())") }
        if !sockets().isEmpty { throw HarnessFailure("left in run/: \(sockets())") }
    }

    /// `kill -9` of the supervisor alone.
    package func killSupervisor() throws {
        guard let running = supervisor else { throw HarnessFailure("no supervisor runs") }
        kill(running.pid, SIGKILL)
        guard running.wait(timeout: .seconds(5)) == .signalled(SIGKILL) else {
            throw HarnessFailure("the supervisor survived SIGKILL")
        }
        supervisor = nil
    }

    package func sockets() -> [String] {
        ((try? Files.list(folder.runFolder)) ?? []).filter { $0.hasSuffix(".ipc") }
    }

    /// Every process with this folder on its command line.
    package func processes() -> [Int32] {
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
