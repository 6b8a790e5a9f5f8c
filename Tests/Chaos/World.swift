import Glibc
import Messages
import Randomness
import Runtime
import System
import TestSupport

/// What faults work on: the cluster, the lines between its parts, and notes for the checkers.
/// Belongs to the thread of the nemesis.
final class World {
    let cluster: ClusterHarness
    let settings: ChaosSettings
    let history: History
    let traffic: Traffic
    let pulse: Pulse
    let proxies: [ByteProxy]
    /// What somebody has who may send and ask, and wishes the others harm.
    let hostile: Keys
    /// The file system of the data folder is a small one of its own.
    let hasOwnDisk: Bool
    let base: String
    /// Kills by the harness, which `status` must show as restarts.
    var kills = 0
    /// Files of models that were spoiled on purpose, as `name/version`.
    var spoiledModels: Set<String> = []
    /// Beginnings of error lines in logs that injected faults explain.
    var excusedErrors: Set<String> = []
    /// The event that workers die of was sent; once a run, since it has one id.
    var isPoisoned = false
    var twin: Twin
    /// What faults saw that no invariant allows.
    var broken: [(invariant: String, text: String)] = []

    init(
        _ cluster: ClusterHarness, _ settings: ChaosSettings, _ history: History, base: String,
        hasOwnDisk: Bool, hostile: Keys
    ) throws {
        self.hostile = hostile
        self.cluster = cluster
        self.settings = settings
        self.history = history
        self.base = base
        self.hasOwnDisk = hasOwnDisk
        traffic = Traffic(cluster.folder, history, users: settings.users)
        pulse = try Pulse(cluster.folder, history, seed: settings.seed &+ 77)
        let ingest = "\(cluster.folder.runFolder)/ingest.ipc"
        proxies = try (0..<2).map { try ByteProxy(path: "\(base)/wire-\($0)", target: ingest) }
        twin = Twin(seed: settings.seed &+ 99)
    }

    deinit { proxies.forEach { $0.stop() } }

    func violated(_ invariant: String, _ text: String) { broken.append((invariant, text)) }

    /// The process of a role; nil while there is none.
    func pid(_ kind: RoleKind, _ index: Int = 0) -> Int32? {
        let record = try? Files.readText(cluster.folder.runRecordFile, bytesMax: 1 << 16)
        for line in (record ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 3, fields[2] == "\(kind.rawValue)-\(index)",
                let pid = Int32(fields[0]),
                // The record may be old; its number may be somebody else's by now.
                ProcessFacts.startTicks(pid: pid) == UInt64(fields[1])
            else { continue }
            return pid
        }
        return nil
    }
}

/// One kind of trouble.
struct ChaosFault {
    let name: String
    var weight = 1
    /// Everything else is healed before, and nothing may be injected meanwhile.
    var needsCalm = false
    /// It waits for ingest's answers, so nothing that lasts may hold ingest up.
    var needsIngest = false
    /// Scoring may fail to answer meanwhile and until the cluster is whole again.
    var spoilsScoring = false
    /// It fills the disk; it writes to it when it is healed.
    var takesRoom = false
    var needsRoom = false
    /// Why it cannot be injected here; nil = it can.
    var obstacle: (World) -> String? = { _ in nil }
    let inject: (World, inout SplitMix64) throws -> Injection
}

/// What was done, and how to undo it.
struct Injection {
    let what: String
    var lasts: Duration = .zero
    var heal: () throws -> Void = {}
    /// The process that must be another before the cluster counts as whole.
    var gone: Int32 = -1

    /// There was nothing to do it to at the moment.
    static var missed: Injection { Injection(what: "") }
}
