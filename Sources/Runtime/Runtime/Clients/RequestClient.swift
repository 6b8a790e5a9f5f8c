package import Messages
import System
package import ZeroMQ

/// Asks a server: one question at a time with `ask`, or many in flight with `send` and `receive`.
/// Belongs to one thread. At most `Limits.scoringCredit` questions may be in flight.
///
/// With several endpoints, `ask` goes on with the next one when a server is not there, stops, or
/// does not answer within its share of the time: fit for questions that change nothing.
package final class RequestClient {
    private var servers: ServerRing
    private var nextID: UInt64
    /// How long `ask` waits for a server to be there, however long its answer may take.
    package var connectPatience: Duration = .seconds(30)

    /// Connects in the background; a server that starts later is found.
    package convenience init(
        endpoint: String, keys: Keys, role: SocketRole = .scoringClient, context: Context? = nil
    ) throws(RequestFailure) {
        try self.init(endpoints: [endpoint], keys: keys, role: role, context: context)
    }

    /// The same for servers that answer alike, such as the scoring processes of a cluster; some of
    /// them may not run.
    package init(
        endpoints: [String], keys: Keys, role: SocketRole = .scoringClient,
        context: Context? = nil
    ) throws(RequestFailure) {
        let seed = Entropy.uint64()
        servers = try ServerRing(endpoints, first: seed, role, keys, context)
        nextID = seed >> 1
    }

    /// How often a question went to another server than the one before.
    package var failovers: UInt64 { servers.failovers }

    /// Sends a question and returns its id; waits at most its own time for a connection.
    package func send<M: WireMessage>(
        _ kind: Kind, _ body: M, timeoutMs: UInt32 = 1000, traceID: [UInt8] = []
    ) throws(RequestFailure) -> UInt64 {
        nextID += 1
        let header = Header(
            kind: kind, requestID: nextID, timeoutMs: timeoutMs, traceID: traceID)
        let deadline = Clock.monotonic() + .milliseconds(Int64(timeoutMs))
        guard try servers.send(Frame.encode(header, body: body), until: deadline) else {
            throw servers.absence()
        }
        return nextID
    }

    /// The next answer to any question, or nil when none comes in time.
    package func receive(timeout: Duration) throws(RequestFailure) -> Answer? {
        try servers.receive(until: Clock.monotonic() + timeout)
    }

    /// One question, one answer; answers to older questions are dropped. Refused for now, it is
    /// asked again after the pause that the server names, while there is time.
    package func ask<M: WireMessage, A: WireMessage>(
        _ kind: Kind, _ body: M, as answer: A.Type, timeout: Duration = .seconds(5)
    ) throws(RequestFailure) -> A {
        let deadline = Clock.monotonic() + timeout
        guard servers.count > 1 else {
            return try askOne(kind, body, until: deadline).decode(as: A.self)
        }
        return try askAnyone(until: deadline) { id, left in
            let header = Header(
                kind: kind, requestID: id, timeoutMs: UInt32(clamping: left.milliseconds))
            return Frame.encode(header, body: body)
        }.decode(as: A.self)
    }

    private func askOne(
        _ kind: Kind, _ body: some WireMessage, until deadline: Duration
    ) throws(RequestFailure) -> Answer {
        while true {
            let now = Clock.monotonic()
            nextID += 1
            let timeoutMs = UInt32(clamping: (deadline - now).milliseconds)
            let header = Header(kind: kind, requestID: nextID, timeoutMs: timeoutMs)
            let frame = Frame.encode(header, body: body)
            let found: Answer
            guard try servers.send(frame, until: min(deadline, now + connectPatience)) else {
                throw servers.absence()
            }
            switch try servers.answer(to: nextID, until: deadline) {
            case .answered(let answer): found = answer
            // Whoever is there instead knows nothing of the question.
            case .lost: throw .notConnected(servers.endpoint)
            case .silent: throw servers.absence()
            }
            guard let refusal = found.refusalForNow, refusal.pause > .zero,
                Clock.monotonic() + refusal.pause < deadline
            else { return found }
            Clock.pause(refusal.pause)
        }
    }

    private func askAnyone(
        until deadline: Duration, _ frame: (UInt64, Duration) -> [UInt8]
    ) throws(RequestFailure) -> Answer {
        var failure: RequestFailure?
        var refusals = 0
        while try servers.findConnected(until: deadline) {
            let now = Clock.monotonic()
            let share = FailoverPace.share(of: deadline - now)
            nextID += 1
            guard try servers.send(frame(nextID, share), until: now) else { continue }
            switch try servers.answer(to: nextID, until: now + share) {
            case .answered(let answer):
                guard let refusal = answer.refusalForNow else { return answer }
                failure = refusal.failure
                refusals += 1
                // Whoever refuses at once would be asked at once again if nobody else is there.
                let hasAskedAll = refusals % servers.count == 0
                servers.moveOn(
                    pause: max(FailoverPace.pauseAfterRefusal, hasAskedAll ? refusal.pause : .zero),
                    until: deadline)
            case .lost, .silent: servers.moveOn(pause: .zero, until: deadline)
            }
        }
        throw failure ?? servers.absence()
    }
}

/// How the time of a question is shared out among servers.
enum FailoverPace {
    /// A silent server gets this part of the time that is left …
    static let shareOfLeft = 0.4
    /// … and at least so much, if there is as much.
    static let shareMin: Duration = .milliseconds(100)
    /// Before the next server is asked after a refusal.
    static let pauseAfterRefusal: Duration = .milliseconds(5)

    static func share(of left: Duration) -> Duration {
        min(left, max(shareMin, left * shareOfLeft))
    }
}

extension Answer {
    /// The refusal, if another server, or the same one after a pause, may answer instead.
    fileprivate var refusalForNow: (failure: RequestFailure, pause: Duration)? {
        guard header.kind == .error, case .refused(let code, _, let pauseMs) = refusal,
            [.unavailable, .shuttingDown, .overloaded].contains(code)
        else { return nil }
        return (refusal, .milliseconds(Int64(pauseMs)))
    }
}
