import System

/// Every socket of the cluster, derived from folder and configuration: nobody has to wire it.
package struct Endpoints: Sendable, Equatable {
    private let runFolder: String
    private let ingestTCP: TCPEndpoint?
    private let scoringTCP: TCPEndpoint?
    private let audiencesTCP: TCPEndpoint?
    /// Feature workers.
    package let workers: Int
    /// Scoring processes.
    package let scoringProcesses: Int
    /// Partitions of users; fixed for ever, since users are hashed onto them.
    package static let partitions = 64

    package init(folder: DataFolder, configuration: Configuration) {
        runFolder = folder.runFolder
        ingestTCP = TCPEndpoint(configuration.ingest.listen)
        scoringTCP = TCPEndpoint(configuration.scoring.listen)
        audiencesTCP = TCPEndpoint(configuration.audiences.listen)
        workers = configuration.features.workers
        scoringProcesses = configuration.scoring.processes
    }

    private func ipc(_ name: String) -> String { "ipc://\(runFolder)/\(name).ipc" }

    /// The supervisor's ROUTER.
    package var control: String { ipc("control") }
    /// Takes event batches and serves the event log.
    package var ingest: String { ipc("ingest") }
    /// Everything ingest binds.
    package var ingestListen: [String] { [ingest] + [ingestTCP?.description].compactMap { $0 } }
    /// Serves outbox and states of one worker.
    package func features(_ worker: Int) -> String { ipc("features-\(worker)") }
    /// Publishes what one worker changed.
    package func changes(_ worker: Int) -> String { ipc("features-\(worker)-changes") }
    /// Takes training requests.
    package var trainer: String { ipc("trainer") }
    /// Publishes models.
    package var models: String { ipc("models") }
    /// Publishes who joins and leaves audiences.
    package var audiences: String { ipc("audiences") }
    /// Everything the publisher of audiences binds.
    package var audiencesListen: [String] {
        [audiences] + [audiencesTCP?.description].compactMap { $0 }
    }
    /// Answers who is in an audience, for other hosts: one port further on.
    package var audiencesAsked: [String] {
        [audiencesTCP?.advanced(by: 1)?.description].compactMap { $0 }
    }
    /// Answers requests.
    package func scoring(_ process: Int) -> String { ipc("scoring-\(process)") }
    /// The scoring processes whose sockets are there at present, or the first one's if none is: how
    /// many run is not for the configuration alone to say.
    package var scoringServed: [String] {
        let names = (try? Files.list(runFolder)) ?? []
        let there = (0..<Self.partitions).filter { names.contains("scoring-\($0).ipc") }
        return there.isEmpty ? [scoring(0)] : there.map { scoring($0) }
    }
    /// Everything one scoring process binds; process i listens i ports further on.
    package func scoringListen(_ process: Int) -> [String] {
        [scoring(process)] + [scoringTCP?.advanced(by: process)?.description].compactMap { $0 }
    }

    /// The worker that owns a partition.
    package func worker(ofPartition partition: Int) -> Int { partition % workers }
    /// The partitions that a worker owns.
    package func partitions(ofWorker worker: Int) -> [Int] {
        (0..<Self.partitions).filter { self.worker(ofPartition: $0) == worker }
    }
}
