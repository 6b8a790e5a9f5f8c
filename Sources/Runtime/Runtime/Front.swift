package import Messages
package import ZeroMQ

/// Counted at a front since its start.
package struct FrontCounts: Sendable, Equatable {
    package var received: UInt64 = 0
    package var unauthorised: UInt64 = 0
    package var malformed: UInt64 = 0
    /// Answers whose asker was gone or did not read.
    package var undeliverable: UInt64 = 0
    /// Connections that were ended because they took more than they may.
    package var cut: UInt64 = 0
    /// Answers larger than their asker could take.
    package var oversized: UInt64 = 0

    package init() {}

    /// Of two fronts of one role.
    package static func + (one: FrontCounts, other: FrontCounts) -> FrontCounts {
        var sum = one
        sum.received += other.received
        sum.unauthorised += other.unauthorised
        sum.malformed += other.malformed
        sum.undeliverable += other.undeliverable
        sum.cut += other.cut
        sum.oversized += other.oversized
        return sum
    }

    package func put(into vitals: inout RoleVitals) {
        vitals.count("unauthorised", unauthorised)
        vitals.count("malformed", malformed)
        vitals.count("undeliverable", undeliverable)
        vitals.count("connections_cut", cut)
        vitals.count("oversized", oversized)
    }
}

/// The ROUTER at which a role is asked: authority, framing and refusals in one place.
///
/// Every frame passes the same gates before a handler sees it: one payload frame, a sender that the
/// authenticator named, a readable header of a known version, a kind that this role answers, and a
/// sender that may ask it.
package struct Front: ~Copyable {
    private let socket: Socket
    private let authorisation: AuthorisedKeys
    private let kinds: Set<Kind>
    private let watch: ConnectionWatch?
    private let answerBytesMax: Int
    private var tally = FrontCounts()

    package var counts: FrontCounts {
        var counts = tally
        counts.cut = watch?.cut ?? 0
        return counts
    }

    /// Binds a front at `endpoints` that answers `kinds`; `section` of the configuration names
    /// them.
    package init(
        _ role: SocketRole, environment: RoleEnvironment, endpoints: [String], kinds: Set<Kind>,
        section: String? = nil
    ) throws {
        socket = try environment.bind(role, endpoints, section: section)
        authorisation = environment.authorisation
        watch = ConnectionWatch(role, environment: environment, endpoints: endpoints)
        self.kinds = kinds
        answerBytesMax = role.sentBytesMax
    }

    package var pollToken: PollToken { socket.pollToken }

    /// Receives up to `max` frames and hands each good one on; refuses the others itself.
    ///
    /// `handle` gets the sender, the header, the frame and the body's place in it; it returns an
    /// answer to send at once, or nil if the answer comes later or never. Returns how many frames
    /// were there.
    package mutating func drain(
        max: Int,
        _ handle: (RoutingID, Header, Span<UInt8>, Range<Int>) -> [UInt8]?
    ) throws(ZeroMQError) -> Int {
        try drain(
            max: max,
            asked: { routing, _, header, frame, body in
                handle(routing, header, frame, body)
            })
    }

    /// The same for those who must know who asks: `handle` gets the asker's public key too.
    package mutating func drain(
        max: Int,
        asked handle: (RoutingID, String, Header, Span<UInt8>, Range<Int>) -> [UInt8]?
    ) throws(ZeroMQError) -> Int {
        var received = 0
        while received < max, let delivery = try socket.receiveDelivery() {
            received += 1
            tally.received += 1
            let named = delivery.payload.userID
            if let named { watch?.hear(delivery, from: named) }
            guard delivery.frameCount == 1, let sender = named else {
                if delivery.frameCount == 1 {
                    tally.unauthorised += 1
                } else {
                    tally.malformed += 1
                }
                continue
            }
            let answer = examine(delivery.sender, delivery.payload.bytes, sender, handle)
            if let answer { reply(to: delivery.sender, answer) }
        }
        return received
    }

    private mutating func examine(
        _ routing: RoutingID, _ frame: Span<UInt8>, _ sender: String,
        _ handle: (RoutingID, String, Header, Span<UInt8>, Range<Int>) -> [UInt8]?
    ) -> [UInt8]? {
        do throws(FrameError) {
            let (header, body) = try Frame.decode(frame)
            guard kinds.contains(header.kind) else {
                tally.malformed += 1
                return Frame.refuse(
                    header, .unknownKind, "this service does not answer \(header.kind.name)")
            }
            guard authorisation.allows(sender, header.kind) else {
                tally.unauthorised += 1
                return Frame.refuse(
                    header, .notAuthorised, "this key may not ask \(header.kind.name)")
            }
            return handle(routing, sender, header, frame, body)
        } catch {
            tally.malformed += 1
            return error.reply
        }
    }

    /// Sends an answer. A peer that is gone, or does not read, loses it: it will ask again.
    /// One that its asker could not take would cost the connection: it is told so instead.
    package mutating func reply(to routing: RoutingID, _ answer: [UInt8]) {
        let fitting = answer.count > answerBytesMax ? tooLarge(answer) : answer
        do throws(ZeroMQError) {
            try socket.send(to: routing, fitting)
        } catch {
            tally.undeliverable += 1
        }
    }

    private mutating func tooLarge(_ answer: [UInt8]) -> [UInt8] {
        tally.oversized += 1
        let asked = (try? Frame.decode(answer.span))?.header ?? Header()
        return Frame.refuse(
            asked, .frameTooLarge,
            "the answer has \(answer.count) bytes, at most \(answerBytesMax) can be sent: "
                + "ask for less")
    }
}
