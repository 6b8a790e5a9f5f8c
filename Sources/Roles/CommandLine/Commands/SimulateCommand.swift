import Foundation
import Messages
import Simulation
import System

extension CommandLineTool {
    static let simulateCommand = Command(
        "simulate", "invent a shop, and send its events to the cluster or to a file",
        options: [
            Option("users", value: "NUMBER", "users of the shop (default 2000)"),
            Option("items", value: "NUMBER", "items of the shop (default 1000)"),
            Option("events", value: "NUMBER", "events to come (default 200k)"),
            Option("days", value: "NUMBER", "days they are spread over (default 60)"),
            Option("seed", value: "NUMBER", "the same seed gives the same shop (default 1)"),
            Option("rate", value: "NUMBER", "events per second (default: as fast as possible)"),
            Option("to-file", value: "FILE", "write JSON lines instead of sending"),
            Option("truth", value: "FILE", "write what was planted: user, taste, fraudster"),
            Option("start", value: "ISO", "first day (default: so that the last day is today)"),
        ],
        example: "limn simulate --users 5k --items 2k --events 1M --seed 7",
        details: """
            Tastes, seasons, complements and fraudsters are planted, and nothing in the events says
            so; --truth says it, for limn risk evaluate.
            """
    ) { invocation in
        let parameters = try shopParameters(invocation)
        let seed = try invocation.number("seed", default: 1, in: 0...Int.max)
        let shop = ShopSimulation(seed: UInt64(seed), parameters: parameters)
        if let path = invocation.text("truth") { try writeTruth(of: shop, to: path) }
        let sink: any RecordSink
        if let path = invocation.text("to-file") {
            sink = FileSink(try ImportRun.create(path))
        } else {
            sink = try invocation.cluster().producer(
                name: "simulate-\(seed)", epoch: UInt64(Clock.wallMs()), source: "simulation")
        }
        return try simulate(shop, into: sink, invocation)
    }

    /// One line per user: the taste by its number, and 1 for a fraudster.
    private static func writeTruth(of shop: ShopSimulation, to path: String) throws {
        let truth = shop.truth
        let file = try CSVFile(path)
        try file.write(["user", "taste", "fraudster"])
        for (place, user) in shop.users().enumerated() {
            try file.write([
                user.userID, "\(truth.tasteOfUser[place])",
                truth.fraudsters.contains(place) ? "1" : "0",
            ])
        }
        try file.close()
    }

    private static func shopParameters(
        _ invocation: Invocation
    ) throws(CommandFailure) -> ShopParameters {
        var parameters = ShopParameters(
            users: try invocation.number("users", default: 2_000, in: 1...5_000_000),
            items: try invocation.number("items", default: 1_000, in: 1...1_000_000),
            events: try invocation.number("events", default: 200_000, in: 1...2_000_000_000),
            days: try invocation.number("days", default: 60, in: 1...3_650))
        let today = Clock.wallMs() / 86_400_000 * 86_400_000
        parameters.startMs = today - Int64(parameters.days) * 86_400_000
        if let start = invocation.text("start") {
            guard let startMs = TimeFormat.iso(Array(start.utf8)) else {
                throw CommandFailure(
                    .usage, "--start \(start) is no ISO time", hint: "2025-01-31")
            }
            parameters.startMs = startMs
        }
        return parameters
    }

    private static func simulate(
        _ simulation: ShopSimulation, into sink: any RecordSink, _ invocation: Invocation
    ) throws -> ExitCode {
        var shop = simulation
        let rate = try invocation.number("rate", default: 0, in: 0...100_000_000)
        var bar = ProgressBar("simulate", terminal: invocation.terminal)
        for item in shop.items() { try sink.send(Record(.item(item))) }
        for user in shop.users() { try sink.send(Record(.user(user))) }
        var count = 0
        while let event = shop.next() {
            try sink.send(Record(.event(event)))
            count += 1
            if count & 0xFF == 0 {
                let share = Double(count) / Double(shop.parameters.events)
                bar.update(count, unit: "events", share: share)
            }
            if rate > 0, count % max(1, rate / 50) == 0 {
                let ahead = Double(count) / Double(rate) - bar.elapsed
                if ahead > 0 { Thread.sleep(forTimeInterval: ahead) }
            }
        }
        try sink.finish()
        let seconds = bar.elapsed
        bar.finish()
        let code = showTally(sink.tally, invocation)
        if !invocation.wantsJSON {
            let perSecond = Format.decimal(Double(count) / max(seconds, 1e-9), 0)
            invocation.terminal.print(
                "\(Format.count(count)) events of \(Format.count(shop.parameters.users)) users"
                    + " in \(Format.duration(seconds)), \(perSecond)/s")
        }
        return code
    }
}

extension Record {
    init(_ content: Content) {
        self.init()
        self.content = content
    }
}

/// Writes records as JSON lines.
final class FileSink: RecordSink {
    private let handle: FileHandle
    private var pending = ""
    private(set) var tally = Tally()

    init(_ handle: FileHandle) { self.handle = handle }

    func send(_ record: Record) throws(CommandFailure) {
        pending += RecordJSON.value(record).rendered()
        pending += "\n"
        tally.sent += 1
        if pending.utf8.count > 1 << 18 { try flush() }
    }

    private func flush() throws(CommandFailure) {
        do { try handle.write(contentsOf: Data(pending.utf8)) } catch {
            throw CommandFailure(.inputOutput, "the file could not be written: \(error)")
        }
        pending.removeAll(keepingCapacity: true)
        tally.accepted = tally.sent
    }

    func finish() throws(CommandFailure) {
        try flush()
        try? handle.close()
    }
}
