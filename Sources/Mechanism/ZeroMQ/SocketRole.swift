/// What a socket is for; its kind and all of its options follow from it.
package enum SocketRole: Sendable, CaseIterable {
    case eventServer, eventClient
    case workServer, workClient
    case publisher, subscriber
    case audiencePublisher, audienceSubscriber
    case scoringServer, scoringClient
    case controlServer, controlClient

    /// The pattern that carries the role.
    package var kind: SocketKind {
        switch self {
        case .eventServer, .workServer, .scoringServer, .controlServer: .router
        case .eventClient, .workClient, .scoringClient, .controlClient: .dealer
        case .publisher, .audiencePublisher: .publisher
        case .subscriber, .audienceSubscriber: .subscriber
        }
    }

    /// The ZAP domain of the role's link; both ends share it.
    package var domain: String {
        switch self {
        case .eventServer, .eventClient: "event"
        case .workServer, .workClient: "work"
        case .publisher, .subscriber: "model"
        case .audiencePublisher, .audienceSubscriber: "audience"
        case .scoringServer, .scoringClient: "scoring"
        case .controlServer, .controlClient: "control"
        }
    }

    /// All options of the role; `security` is the caller's because only it knows the keys.
    package func options(security: Security) -> SocketOptions {
        var options = SocketOptions(
            frameBytesMax: frameBytesMax, highWaterMark: highWaterMark, lingerMs: lingerMs)
        // A request for an absent server must fail at once, not wait in a queue for it.
        options.queueOnlyToConnected = kind == .dealer
        // A reply to a vanished peer must be an error we count, not a silent drop.
        options.routerMandatory = kind == .router
        options.sendMark = sendMark
        // A scoring process that comes is to be found before the next one goes.
        if case .scoringClient = self { options.reconnectMaxMs = 500 }
        options.receiveMark = receiveMark
        options.security = security
        return options
    }

    /// What one connection may have sent that nobody has received: as many frames as wait, the one
    /// that is coming, and what libzmq and the kernel have on its way.
    package var unreadBytesMax: Int {
        frameBytesMax * Int((receiveMark ?? highWaterMark) + 1) + Limits.bytesOnTheWay
    }

    private var receiveMark: Int32? {
        switch self {
        case .eventServer: Limits.eventReceiveMark
        case .scoringServer: Limits.scoringReceiveMark
        default: nil
        }
    }

    /// What it receives: a server questions, which are small, a client answers.
    private var frameBytesMax: Int {
        switch self {
        case .eventServer, .eventClient: Limits.eventFrameBytes
        case .workServer, .workClient: Limits.workFrameBytes
        case .publisher, .subscriber, .audiencePublisher, .audienceSubscriber:
            Limits.publishedFrameBytes
        case .scoringServer, .controlServer: Limits.questionFrameBytes
        case .scoringClient, .controlClient: Limits.answerFrameBytes
        }
    }

    /// Largest frame that the other end takes; a larger one would cost the connection.
    package var sentBytesMax: Int {
        switch self {
        case .scoringServer, .controlServer: Limits.answerFrameBytes
        case .scoringClient, .controlClient: Limits.questionFrameBytes
        default: frameBytesMax
        }
    }

    /// As many answers as a producer may wait for must find room, see ``Limits/batchCredit``.
    private var sendMark: Int32 {
        domain == "event" ? Limits.batchSendMark : highWaterMark
    }

    // Twice the credit; a back-stop, since marks bound no memory.
    private var highWaterMark: Int32 {
        switch domain {
        case "event", "work": Limits.batchMark
        case "model", "audience": Limits.publishedMark
        case "scoring": Limits.scoringMark
        default: Limits.controlMark
        }
    }

    // Events and work are resent after a restart, so waiting gains nothing; replies get a second.
    private var lingerMs: Int32 {
        switch domain {
        case "scoring", "control": 1000
        default: 0
        }
    }
}
