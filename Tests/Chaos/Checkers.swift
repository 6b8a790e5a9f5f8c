import Messages
import Runtime
import System
import TestSupport

/// The invariants, checked when all is over: against the history, which has what producers were
/// told, and the log, which has what became of it.
struct Checkers {
    static let rssBytesMax: UInt64 = 1 << 30
    static let descriptorsMax = 512

    let log: LogDump
    private(set) var verdict = Verdict()
    private(set) var oracle = ChaosOracle()
    private var sent: [String: ChaosOracle.Noted] = [:]
    /// Every event that a producer was told is taken.
    private var taken: Set<String> = []
    private var acked = 0
    /// Ids of events that the log must have.
    var takenIDs: [String] { taken.sorted() }

    init(_ lines: [History.Line], _ log: LogDump) {
        self.log = log
        readHistory(lines)
        checkLog()
        checkOrder()
        checkModels(lines)
    }

    /// I1, first half: what was told is consistent, and who must be refused was refused.
    private mutating func readHistory(_ lines: [History.Line]) {
        var batches: [String: [ChaosOracle.Noted]] = [:]
        let clockJumped = lines.contains { $0.kind == "fault" && $0.text("name") == "clock-jump" }
        for line in lines {
            let batch = "\(line.text("p"))#\(line.number("s"))"
            if line.kind == "send" {
                let events = line.list("ev").compactMap { ChaosOracle.Noted($0) }
                for event in events { sent[event.id] = event }
                batches[batch] = events
            } else if line.kind == "ack", let events = batches[batch] {
                acked += 1
                take(line, events, batch, clockJumped)
            }
        }
    }

    private mutating func take(
        _ line: History.Line, _ events: [ChaosOracle.Noted], _ batch: String, _ jumped: Bool
    ) {
        if line.number("dup") > 0 {
            // Its first answer is no longer kept: which records were refused is not known.
            if !jumped { taken.formUnion(events.filter(\.isGood).map(\.id)) }
            return
        }
        var refused: [Int: Int] = [:]
        for text in line.list("rej") {
            let halves = text.split(separator: "|").compactMap { Int($0) }
            if halves.count == 2 { refused[halves[0]] = halves[1] }
        }
        let hasStrangers = line.number("acc") + refused.count != events.count
        let places = hasStrangers ? Self.placesAmongBad(events.count) : Array(events.indices)
        for (event, place) in zip(events, places) {
            guard let code = refused[place] else {
                if !event.isGood { verdict.violated("I1", "\(event.id) is bad and was taken") }
                taken.insert(event.id)
                continue
            }
            let isLate = jumped && code == Int(ErrorCode.timeOutOfRange.rawValue)
            if event.isGood && !isLate {
                verdict.violated("I1", "\(event.id) of \(batch) was refused with \(code)")
            }
        }
    }

    /// Where the events of a batch stand after `bad-records` put five of its own at 0, 2, 4, 6, 8.
    private static func placesAmongBad(_ count: Int) -> [Int] {
        let bad: Set = [0, 2, 4, 6, 8]
        return Array((0..<count + bad.count).filter { !bad.contains($0) }.prefix(count))
    }

    /// I1: acknowledged ⊆ log ⊆ sent, each once. I8: nothing of a stranger's.
    private mutating func checkLog() {
        for fault in log.faults { verdict.violated("I1", fault) }
        var seen: Set<String> = []
        for entry in log.entries {
            guard let event = sent[entry.id] else {
                verdict.violated("I8", "\(entry.id) of \(entry.user) was never sent")
                continue
            }
            if !seen.insert(entry.id).inserted {
                verdict.violated("I1", "\(entry.id) is in the log twice")
            } else if entry.id != Twin.poison {
                // In the log, and put aside by whoever folds it.
                oracle.take(event)
            }
        }
        for id in taken.subtracting(seen).sorted() {
            verdict.violated("I1", "\(id) was acknowledged and is not in the log")
            if let event = sent[id] { oracle.take(event) }
        }
        verdict.note(
            "I1",
            "\(acked) batches acknowledged with \(taken.count) events; log \(log.entries.count)")
    }

    /// I3: one producer's events of one user are in the order in which they were sent.
    private mutating func checkOrder() {
        var newest: [String: Int] = [:]
        for entry in log.entries {
            guard let origin = sent[entry.id]?.origin else { continue }
            let key = "\(entry.user)|\(origin.producer)"
            if let before = newest[key], before >= origin.number {
                verdict.violated("I3", "\(entry.id) comes after \(before) of \(key)")
            }
            newest[key] = origin.number
        }
        verdict.note("I3", "\(newest.count) sequences of a producer and a user rise")
    }

    /// I5: no answer goes back to an older model.
    private mutating func checkModels(_ lines: [History.Line]) {
        var newest: [String: Int] = [:]
        var spoiled = false
        var named = 0
        for line in lines {
            if line.kind == "fault" && line.text("name").hasPrefix("model-") { spoiled = true }
            guard line.kind == "answer" else { continue }
            for label in line.list("models") {
                named += 1
                let halves = label.split(separator: "/").map(String.init)
                guard halves.count == 2, let version = Int(halves[1]) else {
                    verdict.violated("I5", "an answer names the model \(label)")
                    continue
                }
                if version < newest[halves[0]] ?? 0 && !spoiled {
                    verdict.violated("I5", "\(label) after version \(newest[halves[0]] ?? 0)")
                }
                newest[halves[0]] = max(version, newest[halves[0]] ?? 0)
            }
        }
        models = newest
        verdict.note("I5", "\(named) names of models in answers, none older than before")
    }

    private var models: [String: Int] = [:]

    /// I5: every model named in an answer was published. I4: use of memory and descriptors.
    mutating func check(_ sums: Traffic.Sums) {
        for (name, version) in models where version > 0 {
            if !sums.modelFiles.contains("\(name)-\(version).safetensors") {
                verdict.violated("I5", "\(name)/\(version) was never published")
            }
        }
        for (name, rss) in sums.rssMax where rss > Self.rssBytesMax {
            verdict.violated("I4", "\(name) used \(rss >> 20) MiB")
        }
        for (name, open) in sums.descriptorsMax where open > Self.descriptorsMax {
            verdict.violated("I4", "\(name) had \(open) descriptors open")
        }
        let memory = sums.rssMax.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value >> 20)" }
        let open = sums.descriptorsMax.values.max() ?? 0
        verdict.note("I4", "MiB at most: \(memory.joined(separator: ", ")); descriptors \(open)")
        for problem in sums.problems { verdict.stuck("I6", problem) }
        for text in Set(sums.silentWhenExpected) { verdict.stuck("P3", "scoring: \(text)") }
        let refused = sums.refused.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        verdict.note(
            "P3",
            "\(sums.asked) questions, \(sums.answered) answered, "
                + "p50 \(Tally.quantile(sums.latencies, 0.5)) ms, "
                + "p99 \(Tally.quantile(sums.latencies, 0.99)) ms; "
                + "refused \(refused.joined(separator: ", ")); without answer \(sums.silent)")
    }

    /// I2: every profile equals the oracle's.
    mutating func checkProfiles(
        _ cluster: ClusterHarness, _ name: String = "I2", patience: Duration = .seconds(3)
    ) {
        do {
            // A debug build on a busy machine folds some thousands a second from nothing.
            let limit = Duration.seconds(30 + log.records / 1000)
            try cluster.waitApplied(log.records, within: limit)
        } catch {
            // What is not folded cannot be right or wrong.
            return verdict.stuck("I6", "\(error)")
        }
        do {
            var wrong: [String] = []
            // Scoring may still hold an older state for a moment.
            let isRight: Void? = try? wait(for: "equal profiles", within: patience) { () -> Void? in
                wrong = try differences(cluster)
                return wrong.isEmpty ? () : nil
            }
            if isRight == nil { wrong = try differences(cluster) }
            for text in wrong { verdict.violated(name, text) }
            verdict.note(name, "\(oracle.users.count) profiles compared")
        } catch {
            verdict.broken("profiles: \(error)")
        }
    }

    private func differences(_ cluster: ClusterHarness) throws -> [String] {
        let client = try cluster.client(cluster.endpoints.scoring(0), as: .client)
        return try oracle.users.flatMap { user -> [String] in
            let profile = try cluster.profile(user, by: client)
            let found = Dictionary(
                profile.statistics.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            return oracle.expected(user).compactMap { name, value in
                let got = found[name] ?? 0
                return (got.isNaN ? 0 : got) == value
                    ? nil : "\(user) \(name): \(got), should be \(value)"
            }
        }
    }

    mutating func add(_ body: (inout Verdict) -> Void) { body(&verdict) }
}
