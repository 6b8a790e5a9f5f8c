import Archive
import ConfiguredRules
import Expressions
import Features
import Identity
import Portrait
import Profiles
import Runtime
import Storage
import System

/// The committed states beside a running cluster, read on the host that has the data folder.
final class StateScan {
    let folder: DataFolder
    private var links: IdentityGraph?

    init(_ invocation: Invocation) throws {
        folder = try DataFolder(invocation.folder)
        try folder.requireInitialised()
    }

    /// Who is who; read from the log once, when it is asked for.
    func graph() throws -> IdentityGraph {
        let known = try links ?? LinkReader.graph(of: folder)
        links = known
        return known
    }

    /// Shows states to expressions that may ask for everything.
    func viewer() throws -> Portrait { try Portrait(folder) }

    /// Every user with an event; a person of several identifiers is one, and comes after those of
    /// one.
    func forEach(_ body: (UserState) throws -> Void) throws {
        var persons = PersonStates(try graph())
        try forEachState { if let state = persons.take($0) { try body(state) } }
        try persons.forEachJoined(body)
    }

    /// The state of the person that an identifier is of.
    func person(of userID: String) throws -> UserState? {
        try StateReader(folder).person(of: userID, in: graph())
    }

    /// Every identifier with an event; ends where a partition is lost or damaged.
    private func forEachState(_ body: (UserState) throws -> Void) throws {
        let files = StateFiles(folder)
        for partition in 0..<Endpoints.partitions {
            try files.forEachState(partition) { if $0.events > 0 { try body($0) } }
        }
    }

    /// Where the feature workers that run at present announce changes.
    func changeEndpoints() throws -> [String] {
        let names = try Files.list(folder.runFolder)
        return names.filter { $0.hasPrefix("features-") && $0.hasSuffix("-changes.ipc") }
            .sorted().map { "ipc://\(folder.runFolder)/\($0)" }
    }

    /// Where the trainer publishes who joins and leaves.
    var audiencesEndpoint: String {
        Endpoints(folder: folder, configuration: Configuration()).audiences
    }

    func operatorKeys() throws -> Keys { try Keys.load(folder, as: .operator) }

    /// The shop's time: from where windows are counted, as in the answers of the cluster.
    func newestMs() throws -> Int64 {
        let files = StateFiles(folder)
        var newest: Int64 = 0
        for partition in 0..<Endpoints.partitions {
            newest = max(newest, try files.open(partition)?.newestMs() ?? 0)
        }
        return newest
    }

    /// The tags of the configuration, and others beside them.
    func tags(adding others: [TagDefinition] = []) throws -> TagReader {
        let configuration = try Configuration.load(folder.configurationFile)
        do throws(TagFailure) {
            return try configuration.tagReader(adding: others)
        } catch {
            throw CommandFailure(
                .configuration, "\(folder.configurationFile): \(error)",
                hint: "limn eval lists every name; limn eval 'EXPR' tries one")
        }
    }
}
