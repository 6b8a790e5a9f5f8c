import Foundation
import Messages
import PlainText
import Runtime
import System

extension CommandLineTool {
    static let sendCommand = Command(
        "send", "send one event from options, or records as JSON lines from standard input",
        operands: "[-]", count: 0...1,
        options: [
            Option("user", short: "u", value: "USER", "whose event it is"),
            Option("type", short: "t", value: "TYPE", "view, cart_add, purchase, …"),
            Option("item", short: "i", value: "ITEM", "what it is about"),
            Option("category", value: "PATH", "such as electronics/phone"),
            Option("brand", value: "NAME", "brand of the item"),
            Option("price", value: "NUMBER", "of one piece"),
            Option("discount", value: "NUMBER", "money taken off the whole purchase"),
            Option("quantity", value: "NUMBER", "pieces (default 1)"),
            Option("value", value: "NUMBER", "rating, or dwell in seconds"),
            Option("text", value: "TEXT", "search query or review"),
            Option("session", value: "ID", "session of the visit"),
            Option("time", value: "ISO", "when it happened (default: now)"),
            Option("trace", "follow it, and print when it passed each stage"),
            Option("event-id", value: "ID", "the event's own id"),
            Option(
                "unnumbered",
                "know events by their ids, not by numbers of batches: to send them "
                    + "again is safe for ingest.dedupeWindow"),
            Option("producer", value: "NAME", "whose ids they are (default limn-send)"),
        ],
        example: "limn send --user u1 --type purchase --item i7 --price 19.90"
    ) { invocation in
        if invocation.has("unnumbered") {
            let records =
                invocation.operands.first == "-"
                ? try readRecords() : [try eventRecord(invocation)]
            return showTally(try UnnumberedSending.send(records, invocation), invocation)
        }
        let records =
            try invocation.operands.first == "-" ? readRecords() : [eventRecord(invocation)]
        let cluster = try invocation.cluster()
        let sink = try cluster.producer(
            name: "limn-send", epoch: UInt64(Clock.wallMs()), source: "send")
        let trace = invocation.has("trace") ? FollowedTrace(cluster) : nil
        if let trace { sink.trace(trace.id) }
        for record in records { try sink.send(record) }
        try sink.finish()
        let code = showTally(sink.tally, invocation)
        if let trace { try trace.show(invocation) }
        return code
    }

    private static func readRecords() throws(CommandFailure) -> [Record] {
        let source = try ByteSource("-")
        var lines = LineReader { () throws(CommandFailure) -> [UInt8] in try source.read() }
        var records: [Record] = []
        while let line = try lines.next() {
            let place = "standard input line \(lines.line)"
            do {
                var record = try RecordJSON.record(try JSONParser.parse(line))
                if case .event(var event)? = record.content, event.timeMs == 0 {
                    event.timeMs = Clock.wallMs()
                    record.content = .event(event)
                }
                if case .link(var link)? = record.content, link.timeMs == 0 {
                    link.timeMs = Clock.wallMs()
                    record.content = .link(link)
                }
                records.append(record)
            } catch let error as JSONParser.Failure {
                throw CommandFailure(.data, "\(place): \(error.message)")
            } catch let error as RowError {
                throw CommandFailure(.data, "\(place): \(error.reason)")
            } catch {
                throw CommandFailure(.data, "\(place): \(error)")
            }
        }
        return records
    }

    private static func eventRecord(_ invocation: Invocation) throws(CommandFailure) -> Record {
        var event = Event()
        guard let user = invocation.text("user") else {
            throw CommandFailure(
                .usage, "--user is missing", hint: "for example: \(sendCommand.example)")
        }
        event.userID = user
        let name = (invocation.text("type") ?? "view").replacing("-", with: "_")
        guard let type = EventType(name: name), type != .unknown else {
            let known = EventType.named.map(\.name)
            let near = Suggestion.nearest(to: name, among: known)
            throw CommandFailure(
                .usage, "\"\(name)\" is no type of event",
                hint: near.map { "did you mean \($0)?" }
                    ?? "known: \(known.dropFirst().joined(separator: ", "))")
        }
        event.type = type
        event.timeMs = Clock.wallMs()
        if let time = invocation.text("time") {
            guard let timeMs = TimeFormat.iso(Array(time.utf8)) else {
                throw CommandFailure(
                    .usage, "--time \(time) is no ISO time", hint: "2025-01-31T12:00:00Z")
            }
            event.timeMs = timeMs
        }
        event.eventID = invocation.text("event-id") ?? ""
        event.itemID = invocation.text("item") ?? ""
        event.category = invocation.text("category") ?? ""
        event.brand = invocation.text("brand") ?? ""
        event.text = invocation.text("text") ?? ""
        event.sessionID = invocation.text("session") ?? ""
        event.price = try invocation.decimal("price") ?? 0
        event.value = try invocation.decimal("value") ?? 0
        event.discount = try invocation.decimal("discount") ?? 0
        event.quantity = UInt32(
            try invocation.number("quantity", default: 0, in: 0...1_000_000))
        var record = Record()
        record.content = .event(event)
        return record
    }

    static func showTally(_ tally: Tally, _ invocation: Invocation) -> ExitCode {
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("sent", .integer(Int64(tally.sent))),
                    ("accepted", .integer(Int64(tally.accepted))),
                    ("duplicates", .integer(Int64(tally.duplicates))),
                    ("rejected", .integer(Int64(tally.rejected))),
                    ("reasons", .array(tally.reasons.map { .string($0) })),
                ]))
        } else {
            for reason in tally.reasons {
                invocation.terminal.print("rejected: \(VisibleText.line(reason))")
            }
            invocation.terminal.print(
                "sent \(Format.count(tally.sent)) = accepted \(Format.count(tally.accepted))"
                    + " + duplicates \(Format.count(tally.duplicates))"
                    + " + rejected \(Format.count(tally.rejected))")
        }
        return tally.rejected > 0 ? .negative : .success
    }
}
