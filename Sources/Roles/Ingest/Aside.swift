import Messages
import ZeroMQ

/// Questions that came while a group was being written, in their order: what they need is only
/// known, and the log only free, once it is.
struct Aside {
    struct Question {
        let routing: RoutingID
        let sender: String
        let header: Header
        let frame: [UInt8]
        let body: Range<Int>

        init(
            _ routing: RoutingID, _ sender: String, _ header: Header, _ frame: Span<UInt8>,
            _ body: Range<Int>
        ) {
            self.routing = routing
            self.sender = sender
            self.header = header
            var bytes: [UInt8] = []
            bytes.append(frame)
            self.frame = bytes
            self.body = body
        }
    }

    private var questions: [Question] = []
    private var next = 0
    private var bytes = 0

    /// What has not come from the socket yet is taken in turn between producers, so this is little.
    private static let bytesMax = 1 << 20
    /// From ``slow`` on, so that fetches are found among batches.
    private static let slowBytesMax = 16 << 20
    private static let slow: Duration = .milliseconds(30)

    var isEmpty: Bool { next == questions.count }

    /// Whether more is taken from the socket, when the group has been under way for so long.
    func hasRoom(after waited: Duration) -> Bool {
        bytes < (waited < Self.slow ? Self.bytesMax : Self.slowBytesMax)
    }

    mutating func put(_ question: Question) {
        questions.append(question)
        bytes += question.frame.count
    }

    mutating func take() -> Question? {
        guard !isEmpty else { return nil }
        defer {
            next += 1
            if isEmpty { self = Aside() }
        }
        bytes -= questions[next].frame.count
        return questions[next]
    }
}
