import Events
import Messages
import Runtime
import ZeroMQ

/// The way to one feature worker: asks for states, hears of changes.
final class WorkerLink {
    let index: Int
    let requests: Socket
    let changes: Socket
    var follower = ChangeFollower()
    /// Whether the worker hashes users as this process does, so that its announcements tell who
    /// has changed.
    var isReadable = true
    /// Users asked for, with when and whether they changed meanwhile.
    private var asked: [String: Asked] = [:]
    private var missing: [String] = []
    /// Who was asked for under which request id.
    private var open: [UInt64: (userIDs: [String], at: Duration)] = [:]
    private var requestID: UInt64 = 0
    private let openedAt: Duration

    private struct Asked {
        var hash: UInt64
        var at: Duration
        var changed = false
        /// The first question about it under the present lease: earlier answers do not count.
        var firstID: UInt64?
    }

    /// What the worker said.
    enum Reply {
        case states(States)
        /// The worker does not own what was asked for, or not any more.
        case notOwner
        case refused(ErrorCode, String)
    }

    /// An answer that did not come by then is asked for again.
    private static let patience: Duration = .milliseconds(500)
    private static let usersPerRequest = 256

    init(environment: RoleEnvironment, index: Int, at now: Duration) throws {
        self.index = index
        openedAt = now
        requests = try environment.connect(.workClient, environment.endpoints.features(index))
        changes = try environment.connect(.subscriber, environment.endpoints.changes(index))
        try changes.subscribe()
    }

    /// Not heard for so long that waiting for an answer is no use.
    func isGone(at now: Duration) -> Bool {
        now - (follower.heardAt ?? openedAt) > ChangeFollower.silenceMax
    }

    /// Notes that a user's state is wanted; ``send(at:)`` asks for all at once.
    func want(_ userID: String, _ hash: UInt64, at now: Duration) {
        // What waits to be sent is not asked twice.
        if let entry = asked[userID], entry.firstID == nil || now - entry.at < Self.patience {
            return
        }
        asked[userID, default: Asked(hash: hash, at: now)].at = now
        missing.append(userID)
    }

    /// Sends what was wanted since; what cannot be sent now is wanted again by the next request.
    func send(at now: Duration) {
        while !missing.isEmpty, open.count < Limits.workCredit {
            var request = StateRequest()
            request.userIDs = Array(missing.prefix(Self.usersPerRequest))
            missing.removeFirst(request.userIDs.count)
            requestID += 1
            let header = Header(kind: .stateRequest, requestID: requestID)
            do throws(ZeroMQError) {
                try requests.send(Frame.encode(header, body: request))
                open[requestID] = (request.userIDs, now)
                for userID in request.userIDs where asked[userID]?.firstID == nil {
                    asked[userID]?.firstID = requestID
                }
            } catch {
                for userID in request.userIDs { asked[userID] = nil }
            }
        }
    }

    /// The next reply, if one has come. Users it leaves out may be asked for again at once.
    func receive() throws -> Reply? {
        guard let message = try requests.receive() else { return nil }
        let (header, body) = try Frame.decode(message.bytes)
        let users = open.removeValue(forKey: header.requestID)?.userIDs ?? []
        guard header.kind == .states else {
            for userID in users { asked[userID] = nil }
            let refusal = try Frame.decode(
                ErrorReply.self, message.bytes, body: body, header: header)
            return refusal.code == .notOwner
                ? .notOwner : .refused(refusal.code, refusal.message)
        }
        var states = try Frame.decode(States.self, message.bytes, body: body, header: header)
        if states.states.count < users.count {
            let answered = Set(states.states.map(\.userID))
            for userID in users where !answered.contains(userID) { asked[userID] = nil }
        }
        states.states.removeAll { !isWanted($0.userID, by: header.requestID) }
        return .states(states)
    }

    /// Whether an answer to this question says what the owner knows under its present lease.
    private func isWanted(_ userID: String, by requestID: UInt64) -> Bool {
        guard let first = asked[userID]?.firstID else { return false }
        return requestID >= first
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

    /// Drops questions about partitions that went elsewhere: others answer them now.
    func forget(partitions: Set<Int>) {
        asked = asked.filter { !partitions.contains(Partitions.partition(ofHash: $0.value.hash)) }
    }

    /// Drops questions whose answers will not come any more.
    func dropOverdue(at now: Duration) {
        asked = asked.filter { now - $0.value.at < Self.patience * 4 }
        open = open.filter { now - $0.value.at < Self.patience * 4 }
    }
}
