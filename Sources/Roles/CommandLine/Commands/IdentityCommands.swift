import Identity
import Messages
import PlainText
import Runtime
import System

extension CommandLineTool {
    static let linkCommand = Command(
        "link", "say that two identifiers are of one person, or take that back",
        operands: "ID [OTHER]", count: 1...2,
        options: [
            Option("undo", "take the link back; without OTHER, every link of ID"),
            Option("source", value: "TEXT", "who says so (default: limn link)"),
        ],
        example: "limn link account-7 cookie-3f2",
        details: """
            ID is the better known of the two: the person goes by the ID of the oldest link. Both
            histories stand in one profile from then on. Each identifier keeps what its own events
            made, so undoing a link separates exactly what it joined, whatever has happened since.
            """
    ) { invocation in
        let link = try link(invocation)
        let sink = try invocation.cluster().producer(
            name: "limn-link", epoch: UInt64(Clock.wallMs()), source: "link")
        var record = Record()
        record.content = .link(link)
        try sink.send(record)
        try sink.finish()
        return showTally(sink.tally, invocation)
    }

    private static func link(_ invocation: Invocation) throws(CommandFailure) -> Link {
        var link = Link()
        link.userID = invocation.operands[0]
        link.otherID = invocation.operands.count > 1 ? invocation.operands[1] : ""
        link.undo = invocation.has("undo")
        link.timeMs = Clock.wallMs()
        link.source = invocation.text("source") ?? "limn link"
        guard link.undo || !link.otherID.isEmpty else {
            throw CommandFailure(
                .usage, "the other identifier is missing",
                hint: "for example: \(linkCommand.example)")
        }
        return link
    }

    static let identityCommand = Command(
        "identity", "show which identifiers are one person, and why",
        operands: "[ID]", count: 0...1,
        options: [
            Option("count", short: "n", value: "NUMBER", "how many persons to list (default 20)")
        ],
        example: "limn identity account-7",
        details: """
            Reads the log beside the running cluster, on the host that has the data folder; it
            disturbs nobody. Without ID: the persons with the most identifiers first. A person who
            is many is a device that many share, or a placeholder: limn link ID --undo frees it.
            """
    ) { invocation in
        let graph = try StateScan(invocation).graph()
        guard let id = invocation.operands.first else {
            let count = try invocation.number("count", default: 20, in: 1...1_000_000)
            return listPersons(graph, count, invocation)
        }
        return showPerson(graph, id, invocation)
    }

    private static func listPersons(
        _ graph: IdentityGraph, _ count: Int, _ invocation: Invocation
    ) -> ExitCode {
        let persons = graph.persons.sorted {
            ($0.identifiers.count, $1.name) > ($1.identifiers.count, $0.name)
        }
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("persons", .integer(Int64(persons.count))),
                    ("identifiers", .integer(Int64(graph.identifierCount))),
                    ("links", .integer(Int64(graph.linkCount))),
                    (
                        "largest",
                        .array(
                            persons.prefix(count).map {
                                .object([
                                    ("person", .string($0.name)),
                                    ("identifiers", .array($0.identifiers.map { .string($0) })),
                                ])
                            })
                    ),
                ]))
            return persons.isEmpty ? .negative : .success
        }
        guard !persons.isEmpty else {
            invocation.terminal.print(
                "no links: every identifier is a person of its own; join two with: "
                    + linkCommand.example)
            return .negative
        }
        invocation.terminal.print(
            "persons of several identifiers: \(Format.count(persons.count)), identifiers: "
                + "\(Format.count(graph.identifierCount)), links: \(Format.count(graph.linkCount))")
        var table = Table([
            .init("person", widthMax: 40), .init("identifiers", .right), .init("they are"),
        ])
        for person in persons.prefix(count) {
            let shown = person.identifiers.dropFirst().prefix(3).joined(separator: ", ")
            let more = person.identifiers.count - 4
            table.add([
                person.name, Format.count(person.identifiers.count),
                shown + (more > 0 ? " and \(more) more" : ""),
            ])
        }
        invocation.terminal.print(table.rendered(on: invocation.terminal))
        return .success
    }

    private static func showPerson(
        _ graph: IdentityGraph, _ id: String, _ invocation: Invocation
    ) -> ExitCode {
        let identities = graph.identities(of: id)
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("person", .string(graph.person(of: id))),
                    ("identities", .array(identities.map(IdentityOutput.json))),
                ]))
            return identities.isEmpty ? .negative : .success
        }
        guard !identities.isEmpty else {
            invocation.terminal.print(
                "\(VisibleText.line(id)) has no links: it is a person of its own")
            return .negative
        }
        let person = graph.person(of: id)
        invocation.terminal.print("\(VisibleText.line(person)) is \(identities.count) identifiers:")
        var table = Table([.init("identifier"), .init("linked to"), .init("when"), .init("by")])
        for identity in identities {
            for (at, link) in graph.links(of: identity.userID).enumerated() {
                table.add([
                    at == 0 ? identity.userID : "", link.other,
                    link.edge.timeMs > 0 ? Format.time(link.edge.timeMs) : "unknown",
                    link.edge.source,
                ])
            }
        }
        invocation.terminal.print(table.rendered(on: invocation.terminal))
        return .success
    }
}

/// Identifiers of a person for people and machines.
enum IdentityOutput {
    static func json(_ identity: Identity) -> JSONValue {
        .object([
            ("user_id", .string(identity.userID)),
            ("linked_ms", .integer(identity.linkedMs)),
            ("source", .string(identity.source)),
            ("links", .integer(Int64(identity.links))),
        ])
    }

    static func line(_ profile: Profile, _ style: Style) -> String {
        guard !profile.identities.isEmpty else { return "" }
        let others = profile.identities.dropFirst().map { identity in
            identity.source.isEmpty ? identity.userID : "\(identity.userID) (\(identity.source))"
        }
        return "\(style.dim("also known as")) " + VisibleText.line(others.joined(separator: ", "))
    }
}
