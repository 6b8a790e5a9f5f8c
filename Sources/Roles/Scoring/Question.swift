import Messages
import ZeroMQ

/// A question about a user that passed all checks.
enum Question: Sendable {
    case profile
    case recommend(RecommendRequest)
    case score(ScoreRequest)
    case predict
}

/// A question with whom to answer and until when.
struct Pending: Sendable {
    var routing: RoutingID
    var header: Header
    var userID: String
    var hash: UInt64
    var question: Question
    var receivedAt: Duration
    /// Answered by then with whatever is at hand.
    var answerBy: Duration
    /// Identifiers of the person; ``userID`` alone if it has no links.
    var identifiers: [String] = []
    /// Whose state it waits for while it is parked.
    var waitsFor: (userID: String, hash: UInt64)?

    var isLinked: Bool { identifiers.count > 1 }
    fileprivate var key: UInt64 { waitsFor?.hash ?? hash }
}

/// Questions that wait for a user's state.
struct ParkedQuestions: Sendable {
    private var byUser: [UInt64: [Pending]] = [:]
    private(set) var count = 0

    mutating func park(_ pending: Pending) {
        byUser[pending.key, default: []].append(pending)
        count += 1
    }

    /// Takes what waited for a user.
    mutating func take(_ hash: UInt64) -> [Pending] {
        guard let waiting = byUser.removeValue(forKey: hash) else { return [] }
        count -= waiting.count
        return waiting
    }

    /// Takes what can wait no longer.
    mutating func takeDue(at now: Duration) -> [Pending] {
        if count == 0 { return [] }
        var due: [Pending] = []
        for (hash, waiting) in byUser where waiting.contains(where: { $0.answerBy <= now }) {
            due += waiting.filter { $0.answerBy <= now }
            let left = waiting.filter { $0.answerBy > now }
            byUser[hash] = left.isEmpty ? nil : left
        }
        count -= due.count
        return due
    }

    /// Each user that something waits for.
    var users: [(userID: String, hash: UInt64)] {
        byUser.compactMap { hash, waiting in
            waiting.first.map { ($0.waitsFor?.userID ?? $0.userID, hash) }
        }
    }

    mutating func takeAll() -> [Pending] {
        defer {
            byUser = [:]
            count = 0
        }
        return byUser.values.flatMap { $0 }
    }
}
