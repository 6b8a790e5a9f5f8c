import Messages
import PlainText
import Runtime

/// Rejects as people and machines read them.
enum RejectOutput {
    static func list(
        _ answer: Rejects, _ request: RejectsRequest, _ invocation: Invocation
    ) {
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            for reject in answer.rejects { terminal.print(value(reject)) }
            return
        }
        guard !answer.rejects.isEmpty else {
            terminal.print(request.quarantined ? "nothing is in quarantine" : "no rejects")
            return
        }
        terminal.print(
            (request.quarantined ? quarantine(answer) : table(answer)).rendered(on: terminal))
        if request.quarantined { return }
        let ever = answer.counts.reduce(0) { $0 + Int($1.value) }
        var words = ["\(Format.count(answer.rejects.count)) of \(Format.count(ever)) rejects"]
        for (name, count) in [
            ("sent again", answer.retried), ("dropped", answer.dropped),
            ("gone as the oldest of too many", answer.evicted),
        ] where count > 0 {
            words.append("\(Format.count(Int(clamping: count))) \(name)")
        }
        terminal.print(words.joined(separator: "; "))
        if answer.rejects.count == Int(request.limit), let last = answer.rejects.last {
            terminal.print("more: limn rejects list --after \(last.id)")
        }
    }

    private static func table(_ answer: Rejects) -> Table {
        var table = Table([
            .init("id", .right), .init("received"), .init("producer", widthMax: 24),
            .init("code"), .init("reason", widthMax: 60), .init("sent again"),
        ])
        for row in answer.rejects {
            let again = row.retriedMs == 0 ? "" : Format.time(row.retriedMs)
            table.add([
                "\(row.id)", Format.time(row.receivedMs), row.producer, row.code.name,
                row.message, again.isEmpty ? "" : "\(again) by \(row.retriedBy)",
            ])
        }
        return table
    }

    private static func quarantine(_ answer: Rejects) -> Table {
        var table = Table([
            .init("number", .right), .init("since"), .init("partition", .right),
            .init("offset", .right), .init("user", widthMax: 24), .init("reason", widthMax: 60),
        ])
        for row in answer.rejects {
            table.add([
                "\(row.id)", Format.time(row.receivedMs), "\(row.partition)", "\(row.offset)",
                user(row.record), row.message,
            ])
        }
        return table
    }

    private static func user(_ bytes: [UInt8]) -> String {
        switch (try? Record(decoding: bytes))?.content {
        case .event(let event): event.userID
        case .user(let user): user.userID
        case .link(let link): link.userID
        default: ""
        }
    }

    static func value(_ row: RejectedRecord) -> JSONValue {
        var fields: [(String, JSONValue)] = [
            ("id", .integer(Int64(clamping: row.id))), ("code", .integer(Int64(row.code.rawValue))),
            ("code_name", .string(row.code.name)), ("message", .string(row.message)),
            ("received_ms", .integer(row.receivedMs)),
        ]
        if row.code == .recordPoisoned && row.producer.isEmpty {
            fields += [
                ("partition", .integer(Int64(row.partition))),
                ("offset", .integer(Int64(clamping: row.offset))),
            ]
        } else {
            fields += [
                ("producer", .string(row.producer)),
                ("epoch", .integer(Int64(clamping: row.epoch))),
                ("sequence", .integer(Int64(clamping: row.sequence))),
                ("index", .integer(Int64(row.index))),
                ("retried_ms", .integer(row.retriedMs)), ("retried_by", .string(row.retriedBy)),
            ]
        }
        let record = (try? Record(decoding: row.record)).map { RecordJSON.value($0) }
        fields.append(("record", record ?? .null))
        return .object(fields)
    }

    static func outcomes(
        _ outcomes: [RejectOutcome], _ action: RejectsAction, _ invocation: Invocation
    ) -> ExitCode {
        let terminal = invocation.terminal
        let failed = outcomes.filter { !$0.done }
        if invocation.wantsJSON {
            for outcome in outcomes {
                terminal.print(
                    .object([
                        ("id", .integer(Int64(clamping: outcome.id))),
                        ("done", .bool(outcome.done)), ("already", .bool(outcome.already)),
                        ("code", .string(outcome.code.name)),
                        ("message", .string(outcome.message)),
                    ]))
            }
        } else {
            for outcome in failed {
                let reason = VisibleText.line(outcome.message)
                terminal.print("\(outcome.id): \(outcome.code.name): \(reason)")
            }
            let already = outcomes.count { $0.already }
            let done = outcomes.count - failed.count - already
            let verb = action == .drop ? "dropped" : "sent again"
            var words = "\(Format.count(done)) \(verb)"
            if already > 0 { words += ", \(Format.count(already)) had been before" }
            if !failed.isEmpty { words += ", \(Format.count(failed.count)) not" }
            terminal.print(words)
        }
        return failed.isEmpty ? .success : .negative
    }
}
