import Messages
import Runtime
import ZeroMQ

/// The way to one feature worker: asks for states, hears of changes.
final class WorkerLink {
    let index: Int
    let requests: Socket
    let changes: Socket
    var follower = ChangeFollower()
    /// Users asked for, with when and whether they changed meanwhile.
    private var asked: [String: Asked] = [:]
    private var missing: [String] = []
    private var requestID: UInt64 = 0

    private struct Asked {
        var hash: UInt64
        var at: Duration
        var changed = false
    }

    /// An answer that did not come by then is asked for again.
    private static let patience: Duration = .milliseconds(500)
    private static let usersPerRequest = 256

    init(environment: RoleEnvironment, index: Int) throws {
        self.index = index
        requests = try environment.connect(.workClient, environment.endpoints.features(index))
        changes = try environment.connect(.subscriber, environment.endpoints.changes(index))
        try changes.subscribe()
    }

    /// Notes that a user's state is wanted; ``send(at:)`` asks for all at once.
    func want(_ userID: String, _ hash: UInt64, at now: Duration) {
        if let entry = asked[userID], now - entry.at < Self.patience { return }
        asked[userID] = Asked(hash: hash, at: now)
        missing.append(userID)
    }

    /// Sends what was wanted since; what cannot be sent now is wanted again by the next request.
    func send(at now: Duration) {
        while !missing.isEmpty {
            var request = StateRequest()
            request.userIDs = Array(missing.prefix(Self.usersPerRequest))
            missing.removeFirst(request.userIDs.count)
            requestID += 1
            let header = Header(kind: .stateRequest, requestID: requestID)
            do throws(ZeroMQError) {
                try requests.send(Frame.encode(header, body: request))
            } catch {
                for userID in request.userIDs { asked[userID] = nil }
            }
        }
    }

    /// The next states, if some have come.
    func receive() throws -> States? {
        guard let message = try requests.receive() else { return nil }
        let (header, body) = try Frame.decode(message.bytes)
        if header.kind == .states {
            return try Frame.decode(States.self, message.bytes, body: body, header: header)
        }
        let refusal = try Frame.decode(ErrorReply.self, message.bytes, body: body, header: header)
        throw LogReaderFailure.refused(refusal.code, refusal.message)
    }

    /// Whether the user changed between question and answer, so that the answer may be old.
    func changedMeanwhile(_ userID: String) -> Bool {
        asked.removeValue(forKey: userID)?.changed ?? false
    }

    /// Remembers changes of users that are being asked for.
    func note(changed hashes: Set<UInt64>?) {
        for userID in asked.keys {
            guard let hash = asked[userID]?.hash, hashes?.contains(hash) ?? true else { continue }
            asked[userID]?.changed = true
        }
    }

    var hasOpenQuestions: Bool { !asked.isEmpty }

    /// Drops questions whose answers will not come any more.
    func dropOverdue(at now: Duration) {
        asked = asked.filter { now - $0.value.at < Self.patience * 4 }
    }
}
