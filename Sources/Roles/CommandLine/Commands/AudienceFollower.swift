import Audiences
import Expressions
import Features
import LiveAudiences
import Messages
import PlainText
import Portrait
import Profiles
import Runtime
import System
import ZeroMQ

/// Follows audiences of any conditions beside a running cluster.
final class AudienceFollower {
    private static let prefix = "audience:"

    private let changes: Socket
    private let scan: StateScan
    private let live: LiveAudiences
    private var connected: Set<String> = []

    /// Hears first and reads then, so that nothing lies between.
    init(_ texts: [String], _ scan: StateScan) throws {
        changes = try Socket(
            .subscriber, in: Context(), security: scan.operatorKeys().connecting)
        try changes.subscribe()
        self.scan = scan
        var portrait = try scan.viewer()
        portrait.tags = try scan.tags(
            adding: texts.enumerated().map { place, text in
                TagDefinition("\(Self.prefix)\(place)", condition: text)
            })
        live = LiveAudiences(scan.folder, portrait)
        try connect()
        while !live.isComplete { _ = try live.step(until: Clock.monotonic() + .seconds(1)) }
    }

    /// Workers come and go with the load.
    private func connect() throws {
        for endpoint in try scan.changeEndpoints() where connected.insert(endpoint).inserted {
            try changes.connect(endpoint)
        }
    }

    /// How many users the audience at a place has.
    func count(_ place: Int) -> Int {
        live.counts.first { $0.tag == "\(Self.prefix)\(place)" }?.users ?? 0
    }

    /// Who joined and who left which audience, by its place, within the time given.
    func step(
        within time: Duration
    ) throws -> [(audience: Int, userID: String, hasJoined: Bool)] {
        try connect()
        _ = changes.waitReadable(milliseconds: Int(time / .milliseconds(1)))
        try live.hear(changes)
        return try live.step(until: Clock.monotonic() + .seconds(1)).compactMap { change in
            guard change.tag.hasPrefix(Self.prefix),
                let place = Int(change.tag.dropFirst(Self.prefix.count))
            else { return nil }
            return (place, change.userID, change.hasJoined)
        }
    }
}

extension CommandLineTool {
    /// Prints who joins and leaves, until the time is over; 0 = until Ctrl-C.
    static func followAudiences(_ scan: StateScan, _ invocation: Invocation) throws -> ExitCode {
        let texts = invocation.operands
        // Only a running cluster has something to follow.
        _ = try invocation.cluster()
        let follower = try AudienceFollower(texts, scan)
        let terminal = invocation.terminal
        for (place, text) in texts.enumerated() {
            terminal.print(
                AudienceLine.count(text, follower.count(place), asJSON: invocation.wantsJSON))
        }
        try untilTheEnd(invocation) {
            for change in try follower.step(within: .milliseconds(250)) {
                terminal.print(
                    AudienceLine.move(
                        texts[change.audience], change.userID, hasJoined: change.hasJoined,
                        users: follower.count(change.audience), asJSON: invocation.wantsJSON))
            }
        }
        return .success
    }

    /// Calls again and again for `--seconds`, or for ever.
    private static func untilTheEnd(_ invocation: Invocation, _ body: () throws -> Void) throws {
        let seconds = try invocation.number("seconds", default: 0, in: 0...1_000_000)
        let end = Clock.monotonic() + .seconds(seconds)
        while invocation.terminal.failure() == nil, seconds == 0 || Clock.monotonic() < end {
            try body()
        }
    }

    /// Prints what the cluster publishes of its tags; with names, of those alone.
    static func subscribeToAudiences(_ invocation: Invocation) throws -> ExitCode {
        let scan = try StateScan(invocation)
        let declared = try scan.tags().set.tags.map(\.definition.name)
        let wanted = invocation.operands.isEmpty ? declared : invocation.operands
        for name in wanted where !declared.contains(name) {
            let near = Suggestion.nearest(to: name, among: declared).map { "did you mean \($0)? " }
            throw CommandFailure(
                .usage, "no tag is called \(name)", hint: (near ?? "") + "limn tags lists them")
        }
        _ = try invocation.cluster()
        let socket = try Socket(
            .audienceSubscriber, in: Context(), security: scan.operatorKeys().connecting)
        try socket.subscribe()
        try socket.connect(scan.audiencesEndpoint)
        var shown: [String: UInt64] = [:]
        var follower = (incarnation: UInt64(0), sequence: UInt64(0))
        try untilTheEnd(invocation) {
            _ = socket.waitReadable(milliseconds: 250)
            while let message = try socket.receive() {
                let (header, body) = try Frame.decode(message.bytes)
                let change = try Frame.decode(
                    AudiencesChanged.self, message.bytes, body: body, header: header)
                if follower.incarnation != 0,
                    follower != (change.incarnation, change.sequence - 1)
                {
                    invocation.terminal.writeError("limn: some moves were not heard\n")
                }
                follower = (change.incarnation, change.sequence)
                for move in change.moves where wanted.contains(move.tag) {
                    invocation.terminal.print(
                        AudienceLine.move(
                            move.tag, move.userID, hasJoined: move.joined, users: nil,
                            asJSON: invocation.wantsJSON))
                }
                for count in change.counts
                where change.complete && wanted.contains(count.tag)
                    && shown.updateValue(count.users, forKey: count.tag) != count.users
                {
                    invocation.terminal.print(
                        AudienceLine.count(
                            count.tag, Int(count.users), asJSON: invocation.wantsJSON))
                }
            }
        }
        return shown.isEmpty ? .unavailable : .success
    }
}

/// A line of what happens to audiences.
private enum AudienceLine {
    static func count(_ audience: String, _ users: Int, asJSON: Bool) -> String {
        asJSON
            ? JSONValue.object([
                ("audience", .string(audience)), ("users", .integer(Int64(users))),
            ]).rendered()
            : "\(Format.count(users)) users: \(audience)"
    }

    static func move(
        _ audience: String, _ userID: String, hasJoined: Bool, users: Int?, asJSON: Bool
    ) -> String {
        guard asJSON else {
            return "\(hasJoined ? "+" : "-") \(VisibleText.line(userID))  \(audience)"
        }
        return JSONValue.object(
            [
                ("audience", .string(audience)), ("user_id", .string(userID)),
                ("joined", .bool(hasJoined)),
            ] + (users.map { [("users", .integer(Int64($0)))] } ?? [])
        ).rendered()
    }
}
