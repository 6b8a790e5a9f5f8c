import Messages
import Runtime
import System

/// A batch on its way, followed by its trace id.
struct FollowedTrace {
    let id = Entropy.bytes(TraceNotes.idBytes)
    private let cluster: any Cluster
    private let sentUs = Clock.wallUs()

    private static let stages: Set = ["accepted", "durable", "folded", "visible"]
    /// Roles report once a second.
    private static let patience: Duration = .seconds(5)

    init(_ cluster: any Cluster) { self.cluster = cluster }

    /// Waits until the batch is visible, and prints when it passed each stage.
    func show(_ invocation: Invocation) throws(CommandFailure) {
        let answeredUs = Clock.wallUs()
        let points = try self.points()
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            return terminal.print(
                .object([
                    ("trace", .string(TraceNotes.text(id))), ("sent_us", .integer(sentUs)),
                    ("answered_us", .integer(answeredUs)),
                    ("points", .array(points.map(Self.value))),
                ]))
        }
        terminal.print("trace \(TraceNotes.text(id))")
        var table = Table([.init("stage"), .init("where"), .init("after", .right)])
        let own = [("answered", "limn send", answeredUs)]
        let all = own + points.map { ($0.stage, $0.role, $0.wallUs) }
        for (stage, role, wallUs) in all.sorted(by: { $0.2 < $1.2 }) {
            table.add([stage, role, "\(Format.decimal(Double(wallUs - sentUs) / 1000, 2)) ms"])
        }
        terminal.print(table.rendered(on: terminal))
        if !points.contains(where: { $0.stage == "visible" }) {
            terminal.print("not visible yet; look for trace=\(TraceNotes.text(id)) in the logs")
        }
    }

    private func points() throws(CommandFailure) -> [TracePoint] {
        var question = StatusRequest()
        question.traceID = id
        let deadline = Clock.monotonic() + Self.patience
        while true {
            let status = try cluster.ask(
                .supervisor, question, as: Status.self, timeoutMs: 5_000)
            // Each role reports in its own time, so the last stage may be known before the first.
            let seen = Set(status.traces.map(\.stage))
            if seen.isSuperset(of: Self.stages) || Clock.monotonic() >= deadline {
                return status.traces
            }
            Clock.pause(.milliseconds(100))
        }
    }

    private static func value(_ point: TracePoint) -> JSONValue {
        .object([
            ("stage", .string(point.stage)), ("role", .string(point.role)),
            ("wall_us", .integer(point.wallUs)),
        ])
    }
}
