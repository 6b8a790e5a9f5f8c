import Messages
import Synchronization
import System
import ZeroMQ

@testable import Runtime

/// One of several scoring processes: answers with its index, refuses, keeps silent or babbles.
actor FakeScoring: Role {
    static let kind = RoleKind.scoring

    enum Mood {
        case answering
        case refusing(ErrorCode)
        /// Refuses so often for want of room, then answers.
        case busy(times: Int)
        /// Takes questions and never answers.
        case silent
        /// Sends what is no frame before each answer.
        case babbling
        /// Answers an older question before each answer.
        case late
    }

    let environment: RoleEnvironment
    private var socket: Socket?
    private var mood = Mood.answering
    static let busyRetryMs: UInt32 = 20
    private(set) var questions = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    init(environment: RoleEnvironment) throws { self.environment = environment }

    func start() async throws -> [String] {
        let endpoint = environment.endpoints.scoring(environment.index)
        let socket = try environment.bind(.scoringServer, [endpoint])
        environment.loop.onReadable(socket.pollToken) { self.assumeIsolated { $0.drain() } }
        self.socket = consume socket
        return [endpoint]
    }

    func become(_ mood: Mood) { self.mood = mood }

    func vitals() -> RoleVitals { RoleVitals() }

    func stop() async {
        if let token = socket?.pollToken { environment.loop.unregister(token) }
        socket = nil
    }

    private func drain() {
        while let delivery = (try? socket?.receiveDelivery()) ?? nil {
            guard let (header, _) = try? Frame.decode(delivery.payload.bytes) else { continue }
            questions += 1
            var profile = Profile()
            profile.userID = "from \(environment.index)"
            var frames = [Frame.answer(header, profile)]
            switch mood {
            case .answering: break
            case .refusing(let code): frames = [Frame.refuse(header, code, "told to refuse")]
            case .busy(0): break
            case .busy(let times):
                mood = .busy(times: times - 1)
                frames = [
                    Frame.refuse(header, .overloaded, "busy", retryAfterMs: Self.busyRetryMs)
                ]
            case .silent: frames = []
            case .babbling: frames.insert([1, 2, 3], at: 0)
            case .late:
                var older = profile
                older.userID = "older"
                let other = Header(kind: header.kind, requestID: header.requestID &- 1)
                frames.insert(Frame.answer(other, older), at: 0)
            }
            for frame in frames { try? socket?.send(to: delivery.sender, frame) }
        }
    }
}
