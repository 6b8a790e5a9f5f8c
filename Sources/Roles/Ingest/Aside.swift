import Messages
import ZeroMQ

/// Questions that came while a group was being written: what they need is only known, and the log
/// only free, once it is. Those of one key keep their order; keys take turns, so that the one with
/// many connections and much to say does not crowd out the others. Time is an argument.
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

    /// What waits of one key.
    private struct Lane {
        var questions: [Question] = []
        var next = 0
        var bytes = 0
        /// Bytes that were taken since nothing waited last.
        var served = 0
        /// Those that something of it came by.
        var connections: Set<RoutingID> = []

        var isEmpty: Bool { next == questions.count }

        mutating func pop() -> Question {
            let question = questions[next]
            next += 1
            bytes -= question.frame.count
            served += question.frame.count
            if next > 64, next * 2 > questions.count {
                questions.removeFirst(next)
                next = 0
            }
            return question
        }
    }

    private var lanes: [String: Lane] = [:]
    private var bytes = 0
    /// When each key was heard last.
    private var heard: [String: Duration] = [:]

    /// What has not come from the socket yet is taken in turn between connections, so this is
    /// little.
    private static let bytesMax = 1 << 20
    /// From ``slow`` on, so that fetches are found among batches.
    private static let slowBytesMax = 16 << 20
    private static let slow: Duration = .milliseconds(30)
    /// A key that was heard so lately is one that others leave room for.
    private static let lately: Duration = .seconds(10)
    /// Keys that others leave room for.
    private static let keysMax = 1024
    /// The socket takes turns between connections, so one key with no more than these crowds out
    /// nobody: what it has too much waits there.
    private static let connectionsMax = 4

    var isEmpty: Bool { lanes.isEmpty }

    /// Whether more is taken from the socket, when the group has been under way for so long.
    func hasRoom(after waited: Duration) -> Bool { bytes < Self.room(after: waited) }

    private static func room(after waited: Duration) -> Int {
        waited < slow ? bytesMax : slowBytesMax
    }

    /// Keeps a question; false where its key has its share of the room already, by many
    /// connections, and other keys are about. Others are never refused: what they send waits in the
    /// socket.
    mutating func put(_ question: Question, at now: Duration, after waited: Duration) -> Bool {
        note(question.sender, at: now)
        var lane = lanes.removeValue(forKey: question.sender) ?? Lane(served: leastServed)
        defer { lanes[question.sender] = lane }
        let size = question.frame.count
        let share = Self.room(after: waited) / max(heard.count, 1)
        if heard.count > 1, lane.connections.count > Self.connectionsMax,
            lane.bytes + size > share
        {
            return false
        }
        lane.connections.insert(question.routing)
        lane.questions.append(question)
        lane.bytes += size
        bytes += size
        return true
    }

    private mutating func note(_ key: String, at now: Duration) {
        if heard[key] == nil {
            heard = heard.filter { now - $0.value <= Self.lately }
            guard heard.count < Self.keysMax else { return }
        }
        heard[key] = now
    }

    /// Where a key that has just come begins, so that it neither waits for the others nor makes
    /// them wait.
    private var leastServed: Int { lanes.values.map(\.served).min() ?? 0 }

    /// The next question of the key that was served least.
    mutating func take() -> Question? {
        let next = lanes.min { ($0.value.served, $0.key) < ($1.value.served, $1.key) }
        guard let key = next?.key, var lane = lanes.removeValue(forKey: key) else { return nil }
        let question = lane.pop()
        bytes -= question.frame.count
        if !lane.isEmpty { lanes[key] = lane }
        return question
    }
}
