import Archive
import Messages
import Runtime
import Storage
import Synchronization
import System
import ZeroMQ

/// The cluster of a data folder, asked over its own sockets.
final class RuntimeCluster: Cluster {
    private let folder: DataFolder
    private let endpoints: Endpoints
    private let keys: Keys

    init(folder path: String) throws(CommandFailure) {
        do throws(StartFailure) {
            folder = try DataFolder(path)
            try folder.requireInitialised()
            endpoints = Endpoints(folder: folder, configuration: try Self.configuration(folder))
            keys = try Keys.load(folder, as: .operator)
        } catch { throw CommandFailure(error) }
        if folder.isUnattended(for: Self.startPatience) {
            throw RequestFailure.notRunning("no supervisor runs there", folder: folder.path)
        }
    }

    /// A supervisor that was started just now holds its lock after so long.
    private static let startPatience: Duration = .milliseconds(500)

    private static let hasSaid = Atomic(false)

    /// The file, or where somebody has broken it, what the running cluster goes on with: whoever
    /// looks how things are must not be told that they cannot.
    private static func configuration(_ folder: DataFolder) throws(StartFailure) -> Configuration {
        do throws(StartFailure) {
            return try Configuration.load(folder.configurationFile)
        } catch {
            let accepted = folder.acceptedConfigurationFile
            guard Files.exists(accepted), let running = try? Configuration.load(accepted) else {
                throw error
            }
            if !hasSaid.exchange(true, ordering: .relaxed) {
                StandardError.report("limn", error)
                StandardError.write("  the cluster goes on with what it has accepted before\n")
            }
            return running
        }
    }

    private func endpoints(_ service: Service) -> [String] {
        switch service {
        case .scoring: endpoints.scoringServed
        case .trainer: [endpoints.trainer]
        case .supervisor: [endpoints.control]
        case .ingest: [endpoints.ingest]
        }
    }

    func ask<Question: WireMessage, Answer: WireMessage>(
        _ service: Service, _ question: Question, as: Answer.Type, timeoutMs: Int
    ) throws(CommandFailure) -> Answer {
        guard let kind = Question.kind else {
            throw CommandFailure(.bug, "\(Question.self) is no question")
        }
        let client: RequestClient
        do {
            // Ingest answers with as much as a frame of events holds.
            client = try RequestClient(
                endpoints: endpoints(service), keys: keys,
                role: service == .ingest ? .eventClient : .scoringClient)
        } catch {
            throw notRunning("\(error)")
        }
        do throws(RequestFailure) {
            return try client.ask(
                kind, question, as: Answer.self, timeout: .milliseconds(timeoutMs))
        } catch { throw translated(error) }
    }

    func producer(
        name: String, epoch: UInt64, source: String
    ) throws(CommandFailure) -> any RecordSink {
        do {
            let client = try ProducerClient(
                endpoint: endpoints.ingest, keys: keys, producer: name,
                epoch: epoch, source: source)
            return ClusterSink(client, folder: folder.path)
        } catch { throw notRunning("\(error)") }
    }

    private func notRunning(_ detail: String) -> CommandFailure {
        RequestFailure.notRunning(detail, folder: folder.path)
    }

    private func translated(_ failure: RequestFailure) -> CommandFailure {
        failure.asCommandFailure(folder: folder.path)
    }
}

/// Gathers records into batches for ingest.
private final class ClusterSink: RecordSink {
    private static let batchRecords = 500
    private let client: ProducerClient
    private let folder: String
    private var batch: [Record] = []
    private var reasons: [String] = []

    init(_ client: ProducerClient, folder: String) {
        self.client = client
        self.folder = folder
        client.onResult = { [weak self] result in
            for reject in result.rejects where (self?.reasons.count ?? 5) < 5 {
                self?.reasons.append("\(reject.code.name): \(reject.message)")
            }
        }
    }

    func send(_ record: Record) throws(CommandFailure) {
        batch.append(record)
        if batch.count >= Self.batchRecords { try sendBatch() }
    }

    private func sendBatch() throws(CommandFailure) {
        guard !batch.isEmpty else { return }
        do throws(RequestFailure) { try client.send(batch) } catch {
            throw error.asCommandFailure(folder: folder)
        }
        batch.removeAll(keepingCapacity: true)
    }

    func trace(_ id: [UInt8]) { client.traceID = id }

    func finish() throws(CommandFailure) {
        try sendBatch()
        do throws(RequestFailure) { try client.flush(timeout: .seconds(60)) } catch {
            throw error.asCommandFailure(folder: folder)
        }
    }

    var tally: Tally {
        let totals = client.totals
        var tally = Tally()
        tally.sent = Int(totals.records)
        tally.accepted = Int(totals.accepted)
        tally.duplicates = Int(totals.duplicates)
        tally.rejected = Int(totals.rejected)
        tally.reasons = reasons
        return tally
    }
}

extension RequestFailure {
    static func notRunning(_ detail: String, folder: String) -> CommandFailure {
        // Where a supervisor runs, another one would only be refused.
        let isThere = (try? DataFolder(folder))?.isSupervised == true
        return CommandFailure(
            .unavailable, "the cluster of \(folder) does not answer (\(detail))",
            hint: isThere
                ? "its supervisor runs; what does not: limn status --folder \(folder)"
                : "start it with: limn-supervisor --folder \(folder)")
    }

    func asCommandFailure(folder: String) -> CommandFailure {
        switch self {
        case .timedOut: Self.notRunning("no answer in time", folder: folder)
        case .notConnected(let endpoint):
            Self.notRunning("nobody answers at \(endpoint)", folder: folder)
        case .keyRefused(let detail):
            CommandFailure(
                .permission, "the cluster of \(folder) refused this key: \(detail)",
                hint: "the keys in \(folder)/keys are not those that the cluster was started with")
        case .refused(let code, let message, _): CommandFailure(code, message)
        case .malformed(let text):
            CommandFailure(.bug, "an answer could not be read: \(text)")
        case .socket(let text): CommandFailure(.inputOutput, text)
        }
    }
}

extension CommandFailure {
    init(_ failure: StartFailure) {
        let exit = ExitCode(rawValue: failure.exit.rawValue) ?? .bug
        self.init(exit, failure.message, hint: failure.hint)
    }

    /// What ended a command, also where it did not say so itself.
    init(of error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as StartFailure: self.init(failure)
        case is StorageError, is SystemError, is ArchiveFailure: self.init(archive: error)
        default: self.init(.bug, "\(error)")
        }
    }

    /// Classes of error codes to what the shell gets.
    init(_ code: ErrorCode, _ message: String) {
        let exit: ExitCode
        switch code {
        case .itemUnknown, .modelMissing, .tooLittleData: exit = .negative
        case .overloaded, .deadlineExceeded, .unavailable, .shuttingDown: exit = .tryAgain
        case .notAuthorised: exit = .permission
        case .storageFailed, .diskFull: exit = .inputOutput
        case .internalError: exit = .bug
        default: exit = .data
        }
        self.init(exit, "\(message) (\(code.name), \(code.rawValue))")
    }
}
