import Messages
import Randomness
import Runtime
import System
import TestSupport

/// One run from an empty folder to the verdict.
struct ChaosRun {
    static let configuration = """
        {
          ingest: {listen: ""},
          scoring: {listen: ""},
          trainer: {
            onStart: false, every: "0", minInteractions: 100, als: {factors: 8, iterations: 2},
            trees: {rounds: 5},
          },
          supervisor: {
            backoffFirst: "20 ms", backoffMax: "500 ms", restartsMax: 1000, stopGrace: "5 s",
            http: "",
          },
          // The checks read every line.
          log: {linesMax: 100000},
        }
        """

    let settings: ChaosSettings
    private(set) var tally = Tally()
    private(set) var verdict = Verdict()
    private(set) var historyPath = ""

    /// Runs; the canaries do less around the same checks.
    init(_ settings: ChaosSettings, _ script: ((World) throws -> Void)? = nil) {
        self.settings = settings
        do {
            try run(script)
        } catch {
            verdict.broken("\(error)")
        }
    }

    private mutating func run(_ script: ((World) throws -> Void)?) throws {
        // The write-ahead logs of 64 partitions grow by 3 MiB a second, up to 16 MiB each: only a
        // fault is to fill the disk.
        let disk = try OwnDisk(mebibytes: 192 + min(6 * settings.seconds, 1_280))
        defer { disk.remove() }
        let notes = try Files.makeTemporaryFolder(prefix: "limn-history")
        historyPath = "\(notes)/history.jsonl"
        let history = try History(historyPath)
        let cluster = try ClusterHarness(configuration: Self.configuration, below: disk.path)
        cluster.faults = settings.bugs.isEmpty ? "poison=\(Twin.poison)" : settings.bugs
        #if DEBUG
            cluster.clockFile = "\(notes)/clock"
            try Files.writeAtomically(cluster.clockFile, Array("0".utf8))
        #endif
        let hostile = try cluster.addKey("hostile", may: ["produce", "ask"])
        try cluster.start()
        let world = try World(
            cluster, settings, history, base: disk.path, hasOwnDisk: disk.isMounted,
            hostile: hostile)
        if script == nil { try train(cluster, world) }
        try startTraffic(world)
        if let script {
            try script(world)
        } else {
            var nemesis = Nemesis(world)
            nemesis.run()
            (tally, verdict) = (nemesis.tally, nemesis.verdict)
        }
        try finish(world)
        if verdict.isGood {
            try? Files.removeTree(notes)
        } else {
            // For whoever looks for the reason, before the disk goes.
            keepLogs(of: cluster, in: notes)
        }
    }

    private func keepLogs(of cluster: ClusterHarness, in folder: String) {
        for kind in RoleKind.allCases {
            let log = cluster.folder.roleLogFile(kind, 0)
            let text = (try? Files.readText(log)) ?? ""
            try? Files.writeAtomically("\(folder)/\(kind.rawValue).log", Array(text.utf8))
        }
        let said = (try? Files.readText(cluster.output)) ?? ""
        try? Files.writeAtomically("\(folder)/supervisor.log", Array(said.utf8))
    }

    private func startTraffic(_ world: World) throws {
        for (number, proxy) in world.proxies.enumerated() {
            try world.traffic.startProducer(
                "shop-\(number)", endpoint: "ipc://\(proxy.path)",
                seed: settings.seed &+ UInt64(number),
                patience: settings.bugs.isEmpty ? .seconds(90) : .seconds(1))
        }
        if settings.bugs.isEmpty {
            try world.traffic.startUnnumbered(
                "loose", endpoint: world.cluster.endpoints.ingest, seed: settings.seed &+ 3)
        }
        try world.traffic.startAsker(
            endpoint: world.cluster.endpoints.scoring(0), seed: settings.seed &+ 5)
        world.traffic.startSampler()
        world.traffic.expectScoring(settings.bugs.isEmpty)
    }

    /// Models to spoil: trained on one producer's events before anything else happens.
    private func train(_ cluster: ClusterHarness, _ world: World) throws {
        let batches = (0..<40).map { _ in world.twin.batch(world.history) }
        for batch in batches { _ = try world.twin.send(batch, world).get() }
        let trainer = try cluster.client(cluster.endpoints.trainer, as: .operator, role: .work)
        _ = try trainer.ask(
            .trainRequest, TrainRequest(), as: Models.self, timeout: .seconds(30))
    }

    private mutating func finish(_ world: World) throws {
        let cluster = world.cluster
        if !world.traffic.stop(within: .seconds(100)) {
            verdict.stuck("I6", "producers do not get their last answers")
        }
        world.proxies.forEach { $0.stop() }
        var checkers = Checkers(try world.history.lines(), try LogDump(cluster))
        checkers.checkProfiles(
            cluster, patience: settings.bugs.isEmpty ? .seconds(3) : .milliseconds(300))
        checkers.check(world.traffic.found)
        if settings.bugs.isEmpty {
            checkers.add { LogCheck.check(world, &$0) }
            stop(cluster, &checkers)
            try checkDamage(world, &checkers)
            try rebuild(cluster, &checkers)
        } else if settings.bugs == "trustDamage" {
            stop(cluster, &checkers)
            try checkDamage(world, &checkers)
        }
        for (invariant, text) in world.broken { verdict.violated(invariant, text) }
        verdict.add(checkers.verdict)
    }

    /// I7: an ordered stop leaves no process, no socket and no half-written file.
    private func stop(_ cluster: ClusterHarness, _ checkers: inout Checkers) {
        do {
            try cluster.stop()
            checkers.add { $0.note("I7", "stopped with exit 0; no process, no socket left") }
        } catch {
            checkers.add { $0.violated("I7", "\(error)") }
        }
        let left = LogCheck.temporaryFiles(cluster.folder.path)
        if !left.isEmpty { checkers.add { $0.violated("I7", "left behind: \(left)") } }
    }

    /// I12: a bit of the log that is not what was written is said.
    private func checkDamage(_ world: World, _ checkers: inout Checkers) throws {
        var dice = SplitMix64(seed: settings.seed &+ 12)
        let ids = checkers.takenIDs
        var verdict = Verdict()
        try DamageCheck.check(
            world.cluster, good: ids, &dice, rounds: 2,
            environment: settings.bugs.isEmpty ? [] : ["LIMN_FAULT=\(settings.bugs)"], &verdict)
        checkers.add { $0.add(verdict) }
    }

    /// I10: states folded anew from the log are the same to the byte, and so are the profiles of a
    /// cluster that has to start without any state.
    private func rebuild(_ cluster: ClusterHarness, _ checkers: inout Checkers) throws {
        let verified = try Programs.run(
            "limn", ["verify", "--folder", cluster.folder.path], timeout: .seconds(300))
        if verified.status != .exited(0) {
            checkers.add { $0.violated("I10", "limn verify: \(verified.output)") }
        }
        try Files.removeTree(cluster.folder.stateFolder)
        try Files.makeFolder(cluster.folder.stateFolder)
        try cluster.start()
        checkers.checkProfiles(cluster, "I10")
        try cluster.stop()
    }
}
