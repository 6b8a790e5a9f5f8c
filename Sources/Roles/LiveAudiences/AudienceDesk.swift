import Audiences
import FittedPortrait
package import Messages
package import Runtime
import Storage
import System
package import ZeroMQ

/// Keeps the audiences of the configuration's tags beside a role's own work, publishes who joins
/// and who leaves, and answers who is in.
package final class AudienceDesk {
    /// A fifth of one core at most, in slices that keep nobody waiting.
    package static let every: Duration = .milliseconds(50)
    private static let slice: Duration = .milliseconds(10)
    private static let beaconEvery: Duration = .seconds(1)
    private static let movesPerMessage = 2000
    /// Who listened before a restart is connected again by then.
    private static let reconnect: Duration = .seconds(2)
    /// With ids of 256 bytes they fit a frame of answers.
    private static let pageUsersMax = 1000

    private let environment: RoleEnvironment
    private let publisher: Socket
    /// For other hosts; nil where none may ask.
    private var front: Front?
    private var fitted: FittedPortrait
    private let live: LiveAudiences
    /// Nil where it cannot be kept: then the audiences are read anew at each start, which is no
    /// news.
    private let told: SQLiteMemberships?
    private let startsAt: Duration
    private let changes: Socket
    private var followed: Set<Int> = []
    /// Partitions of which it was said that they cannot be read.
    private var said: [Int: String] = [:]
    private var sequence: UInt64 = 0
    private var beaconAt: Duration = .zero
    /// Everybody was told, which is not noted yet.
    private var isWholeUnnoted = false
    /// Joins and leaves told since the start.
    package private(set) var published: UInt64 = 0
    package private(set) var failures: UInt64 = 0

    /// Nil where no tag is declared.
    package init?(_ environment: RoleEnvironment) throws {
        guard !environment.configuration.tags.isEmpty else { return nil }
        self.environment = environment
        publisher = try environment.bind(
            .audiencePublisher, environment.endpoints.audiencesListen, section: "audiences")
        let asked = environment.endpoints.audiencesAsked
        if !asked.isEmpty {
            front = try Front(
                .scoringServer, environment: environment, endpoints: asked,
                kinds: [.audienceRequest], section: "audiences")
        }
        changes = try environment.open(.subscriber)
        try changes.subscribe()
        fitted = try FittedPortrait(
            environment.folder, configuration: environment.configuration)
        _ = fitted.refresh()
        told = Self.told(environment)
        live = LiveAudiences(environment.folder, fitted.portrait, since: told)
        let isFirst = told?.whole.isEmpty ?? true
        startsAt = Clock.monotonic() + (isFirst ? .zero : Self.reconnect)
    }

    /// Ends the connections of all who listen; who still may comes again.
    package func cutListeners() throws(ZeroMQError) {
        try publisher.rebind(environment.endpoints.audiencesListen)
    }

    private static func told(_ environment: RoleEnvironment) -> SQLiteMemberships? {
        let path = environment.folder.audiencesFile
        let tags = environment.configuration.tags.map(\.name)
        do throws(StorageError) {
            return try SQLiteMemberships(path: path, tags: tags)
        } catch {
            environment.log.warning(
                "who is in the audiences is not kept", ["file": path, "error": "\(error)"])
            return nil
        }
    }

    /// Listens to these workers from now on; a way that cannot be opened is tried with the next
    /// assignment.
    package func follow(_ workers: Set<Int>) {
        for worker in followed.symmetricDifference(workers) {
            let endpoint = environment.endpoints.changes(worker)
            do {
                if workers.contains(worker) {
                    try changes.connect(endpoint)
                    followed.insert(worker)
                } else {
                    followed.remove(worker)
                    try changes.disconnect(endpoint)
                }
            } catch {
                failures += 1
                environment.log.warning(
                    "no way to a worker's changes",
                    ["worker": "\(worker)", "error": "\(error)"])
            }
        }
    }

    /// A slice of the work. Who joins while all users are read for the first time is no news; who
    /// does so because nobody looked for a while, is.
    package func tick() {
        let now = Clock.monotonic()
        do {
            try live.hear(changes)
            if now >= startsAt { try step(until: now + Self.slice) }
        } catch {
            failures += 1
            environment.log.warning("audiences not followed", ["error": "\(error)"])
            live.missed(at: now)
        }
        guard now >= beaconAt else { return }
        beaconAt = now + Self.beaconEvery
        let refreshed = fitted.refresh()
        if refreshed.contains(where: { if case .inUse = $0 { true } else { false } }) {
            live.portrait = fitted.portrait
        }
        beacon()
    }

    private func step(until end: Duration) throws {
        let wasComplete = live.hasReadAll
        let moves = try live.step(until: end)
        sayUnreadable()
        publish(wasComplete ? moves : moves.filter { told?.whole.contains($0.tag) == true })
        // Told twice is better than not at all, so it is noted afterwards.
        note(moves, isWhole: live.hasReadAll && !wasComplete)
    }

    /// Says once of each partition that its users stay as they were, and once that they are read
    /// again.
    private func sayUnreadable() {
        let present = live.unreadable
        for (partition, why) in present.sorted(by: { $0.key < $1.key })
        where said[partition] == nil {
            failures += 1
            environment.log.error(
                "states cannot be read: their users stay in their audiences",
                ["partition": "\(partition)", "error": why])
        }
        for partition in said.keys.sorted() where present[partition] == nil {
            environment.log.info("states can be read again", ["partition": "\(partition)"])
        }
        said = present
    }

    /// Moves that cannot be noted are told again after the next start; that everybody was told is
    /// noted with a later step.
    private func note(_ moves: [MembershipChange], isWhole: Bool) {
        func members(_ hasJoined: Bool) -> [SQLiteMemberships.Member] {
            moves.filter { $0.hasJoined == hasJoined }.map { .init(tag: $0.tag, userID: $0.userID) }
        }
        isWholeUnnoted = isWholeUnnoted || isWhole
        do throws(StorageError) {
            if !moves.isEmpty {
                try told?.note(
                    joined: members(true), left: members(false), asOfMs: live.nowMs)
            }
            if isWholeUnnoted { try told?.noteWhole() }
            isWholeUnnoted = false
        } catch {
            failures += 1
            environment.log.warning("audiences not noted", ["error": "\(error)"])
        }
    }

    /// Readable when another host asks; nil where none may.
    package var pollToken: PollToken? { front?.pollToken }

    /// Of the front for other hosts.
    package var frontCounts: FrontCounts { front?.counts ?? FrontCounts() }

    /// Answers other hosts.
    package func drain() {
        do {
            _ = try front?.drain(max: Limits.receivesPerTurn) { _, header, frame, body in
                do throws(FrameError) {
                    return answer(
                        header,
                        try Frame.decode(AudienceRequest.self, frame, body: body, header: header))
                } catch {
                    return error.reply
                }
            }
        } catch {
            failures += 1
            environment.log.error("receiving failed", ["error": "\(error)"])
        }
    }

    /// Who is in an audience as published so far.
    package func answer(_ header: Header, _ request: AudienceRequest) -> [UInt8] {
        let limit = request.limit == 0 ? Self.pageUsersMax : Int(request.limit)
        guard
            let page = live.index.page(
                ofTag: request.tag, after: request.after, limit: min(limit, Self.pageUsersMax))
        else {
            let declared = environment.configuration.tags.map(\.name).joined(separator: ", ")
            return Frame.refuse(
                header, .badRequest,
                "no tag is called \(request.tag); the audiences are: \(declared)")
        }
        var answer = AudienceMembers()
        answer.tag = request.tag
        answer.userIDs = page.userIDs
        answer.users = UInt64(page.users)
        answer.next = page.next
        answer.incarnation = environment.incarnation
        answer.sequence = sequence
        answer.complete = live.isComplete
        answer.asOfMs = live.nowMs
        return Frame.answer(header, answer)
    }

    private func publish(_ moves: [MembershipChange]) {
        var next = moves[...]
        while !next.isEmpty {
            var message = AudiencesChanged()
            message.moves = next.prefix(Self.movesPerMessage).map { change in
                var move = AudienceMove()
                move.tag = change.tag
                move.userID = change.userID
                move.joined = change.hasJoined
                return move
            }
            next = next.dropFirst(Self.movesPerMessage)
            published += UInt64(message.moves.count)
            send(&message)
        }
    }

    private func beacon() {
        var message = AudiencesChanged()
        message.counts = live.counts.map { tag, users in
            var count = AudienceCount()
            count.tag = tag
            count.users = UInt64(users)
            return count
        }
        send(&message)
    }

    /// A subscriber that does not keep up loses messages, and sees it by the numbers.
    private func send(_ message: inout AudiencesChanged) {
        sequence += 1
        message.incarnation = environment.incarnation
        message.sequence = sequence
        message.complete = live.isComplete
        message.asOfMs = live.nowMs
        try? publisher.send(Frame.encode(Header(kind: .audiencesChanged), body: message))
    }

    /// Users in the index, and those whose change is not yet seen as committed.
    package var users: Int { live.index.count }
    package var pending: Int { live.pendingCount }
    /// All users were read since the start, and can be read at present.
    package var isComplete: Bool { live.isComplete }
}
