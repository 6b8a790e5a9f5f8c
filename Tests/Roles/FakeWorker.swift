import Features
import Messages
import Runtime
import System
import ZeroMQ

/// A feature worker that knows whom it is told to, and fails or keeps silent about others.
actor FakeWorker: Role {
    static let kind = RoleKind.features

    let environment: RoleEnvironment
    private var socket: Socket?
    private var known: Set<String> = []
    private var unreadable: Set<String> = []

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    init(environment: RoleEnvironment) throws { self.environment = environment }

    /// Everybody else is left out of answers.
    func know(_ known: Set<String>, unreadable: Set<String>) {
        self.known = known
        self.unreadable = unreadable
    }

    func start() async throws -> [String] {
        let endpoint = environment.endpoints.features(environment.index)
        let socket = try environment.bind(.workServer, [endpoint])
        environment.loop.onReadable(socket.pollToken) { self.assumeIsolated { $0.drain() } }
        self.socket = consume socket
        return [endpoint]
    }

    func vitals() -> RoleVitals { RoleVitals() }

    func stop() async {
        if let token = socket?.pollToken { environment.loop.unregister(token) }
        socket = nil
    }

    private func drain() {
        while let delivery = (try? socket?.receiveDelivery()) ?? nil {
            guard let (header, body) = try? Frame.decode(delivery.payload.bytes),
                let request = try? Frame.decode(
                    StateRequest.self, delivery.payload.bytes, body: body, header: header)
            else { continue }
            try? socket?.send(to: delivery.sender, Frame.answer(header, states(request)))
        }
    }

    private func states(_ request: StateRequest) -> States {
        var answer = States()
        for userID in request.userIDs {
            if known.contains(userID) {
                var state = State()
                state.userID = userID
                state.found = true
                state.state = UserState(userID: userID).encoded()
                answer.states.append(state)
            } else if unreadable.contains(userID) {
                var failure = StateFailure()
                failure.userID = userID
                failure.code = .storageFailed
                answer.failures.append(failure)
            }
        }
        return answer
    }
}
