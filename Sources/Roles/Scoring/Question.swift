import Events
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
    /// The asker's public key.
    var key = ""
    var header: Header
    /// Who is asked about; "" = a visitor of whom nothing can be known.
    var askedID: String
    /// The same, or the person's name once the question is one about a person.
    var userID: String
    var hash: UInt64
    var question: Question
    var receivedAt: Duration
    /// Answered by then with what is at hand, or refused.
    var answerBy: Duration
    /// Identifiers of the person; empty if there are no links.
    var identifiers: [String] = []
    /// Whose state it waits for while it is parked.
    var waitsFor: (userID: String, hash: UInt64)?
    /// Why it is refused if what is at hand does not do.
    var refusal = QuestionRefusal.late

    init(
        routing: RoutingID, key: String = "", header: Header, userID: String, hash: UInt64,
        question: Question, receivedAt: Duration, answerBy: Duration
    ) {
        self.routing = routing
        self.key = key
        self.header = header
        askedID = userID
        self.userID = userID
        self.hash = hash
        self.question = question
        self.receivedAt = receivedAt
        self.answerBy = answerBy
    }

    var isLinked: Bool { identifiers.count > 1 }
    var isVisitor: Bool { askedID.isEmpty }
    /// Whose state decides when it goes on.
    var waitHash: UInt64 { waitsFor?.hash ?? hash }
    var waitPartition: Int { Partitions.partition(ofHash: waitHash) }
}
