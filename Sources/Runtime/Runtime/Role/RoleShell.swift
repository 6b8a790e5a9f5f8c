import Messages
import System
import ZeroMQ

/// Stands between a role and the world around its process: supervisor, signals, lifeline.
actor RoleShell<R: Role> {
    private enum State { case greeting, starting, ready, stopping, ended }

    private let environment: RoleEnvironment
    private let signals: Int32
    private let lifeline: Int32
    private let done: ExitLatch
    private var control: Socket?
    private var role: R?
    private var state = State.greeting
    private var isWelcome = false
    /// Somebody who may hear publishers no longer is connected to them still.
    private var mustCut = false
    private var isShortOfDescriptors = false
    /// The newest that came, for a role that is not started yet.
    private var assignment: Assignment?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    private var loop: EventLoop { environment.loop }

    init(
        _ environment: RoleEnvironment, descriptors: (signals: Int32, lifeline: Int32),
        done: ExitLatch
    ) {
        self.environment = environment
        signals = descriptors.signals
        lifeline = descriptors.lifeline
        self.done = done
    }

    func begin() async {
        loop.onReadable(PollToken(descriptor: signals)) { self.assumeIsolated { $0.onSignal() } }
        guard lifeline >= 0 else { return await startRole(aliveEvery: nil) }
        loop.onReadable(PollToken(descriptor: lifeline)) {
            self.assumeIsolated { $0.onLifeline() }
        }
        do throws(ZeroMQError) {
            let socket = try environment.connect(.controlClient, environment.endpoints.control)
            loop.onReadable(socket.pollToken) { self.assumeIsolated { $0.onControl() } }
            control = consume socket
            environment.supervisor.connect { [weak self] frame in
                self?.assumeIsolated { $0.report(frame) }
            }
        } catch {
            return fail(StartFailure(.temporary, "cannot reach the supervisor: \(error)"))
        }
        greet()
    }

    // The socket takes a message only once it is connected, so the greeting is repeated.
    private func greet() {
        guard state == .greeting else { return }
        var hello = Hello()
        hello.role = R.kind.rawValue
        hello.index = UInt32(environment.index)
        hello.incarnation = environment.incarnation
        hello.pid = UInt32(ProcessFacts.currentPid())
        hello.versionMin = Frame.version
        hello.versionMax = Frame.version
        hello.build = Build.name
        let sent = send(.hello, hello)
        loop.schedule(after: sent ? .seconds(2) : .milliseconds(20)) {
            self.assumeIsolated { $0.greet() }
        }
    }

    private func onControl() {
        while let bytes = (try? control?.receive())??.copyBytes() {
            guard let (header, body) = try? Frame.decode(bytes.span) else { continue }
            switch header.kind {
            case .welcome:
                let welcome = try? Welcome(decoding: bytes.span.extracting(body))
                onWelcome(welcome ?? Welcome())
            case .stop:
                let stop = try? Stop(decoding: bytes.span.extracting(body))
                stopRole("asked to: \(stop?.reason ?? "")")
            case .assignment:
                let new = try? Assignment(decoding: bytes.span.extracting(body))
                assignment = new ?? assignment
                assign()
            case .error:
                let error = try? ErrorReply(decoding: bytes.span.extracting(body))
                fail(
                    StartFailure(.configuration, "the supervisor refused: \(error?.message ?? "")"))
            default: break
            }
        }
    }

    private func onWelcome(_ welcome: Welcome) {
        if let level = Log.Level(rawValue: welcome.logLevel) { environment.log.setLevel(level) }
        refreshKeys()
        guard state == .greeting, !isWelcome else { return }
        guard welcome.version == Frame.version else {
            return fail(
                StartFailure(
                    .configuration, "the supervisor speaks version \(welcome.version)",
                    hint: "install all programs from the same build"))
        }
        isWelcome = true
        let every = Duration.milliseconds(Int64(max(100, welcome.aliveEveryMs)))
        Task { await self.startRole(aliveEvery: every) }
    }

    private func startRole(aliveEvery: Duration?) async {
        guard state == .greeting else { return }
        state = .starting
        // Beats begin before the start is done: opening a large store may take its time.
        if let aliveEvery {
            loop.schedule(after: .zero, repeating: aliveEvery) {
                self.assumeIsolated { $0.beat() }
            }
        }
        do {
            let role = try R(environment: environment)
            self.role = role
            let endpoints = try await role.start()
            guard state == .starting else { return }
            state = .ready
            cutListeners()
            assign()
            var ready = Ready()
            ready.endpoints = endpoints
            _ = send(.ready, ready)
            environment.log.info("ready", ["endpoints": endpoints.joined(separator: ",")])
        } catch let failure as StartFailure {
            fail(failure)
        } catch {
            fail(StartFailure(.temporary, "cannot start: \(error)"))
        }
    }

    // What a partition's owners count changes with it, so the supervisor hears that at once.
    private func assign() {
        guard state == .ready, let role, let assignment else { return }
        role.assumeIsolated { $0.assign(assignment) }
        if isWelcome { beat() }
    }

    private func beat() {
        guard state == .starting || state == .ready, let role else { return }
        refreshKeys()
        environment.log.flush()
        var alive = Alive()
        alive.loopLagUs = UInt32(clamping: loop.takeLagMicroseconds())
        if state == .starting { alive.progress = environment.startProgress.value }
        if state == .ready {
            let vitals = role.assumeIsolated { $0.vitals() }
            alive.progress = vitals.progress
            alive.waiting = vitals.waiting
            alive.counters = vitals.counters
            alive.traces = vitals.traces
            alive.refusing = vitals.refusing
        }
        let facts = ProcessFacts.current()
        alive.counters += facts.counters
        if facts.isShortOfDescriptors != isShortOfDescriptors {
            isShortOfDescriptors.toggle()
            environment.log.error(
                isShortOfDescriptors
                    ? "descriptors run short: too many connections" : "descriptors suffice again",
                ["open": "\(facts.openDescriptors)", "limit": "\(ProcessFacts.descriptorsMax)"])
        }
        _ = send(.alive, alive)
    }

    // With each beat too, so that a lost welcome keeps no revoked key alive.
    private func refreshKeys() {
        do throws(StartFailure) {
            guard let table = try environment.authorisation.refreshed() else { return }
            mustCut = environment.authorise(table) || mustCut
            cutListeners()
        } catch {
            environment.log.error("the keys stay as they were", ["reason": error.message])
        }
    }

    // Publishers of a role that still starts are cut once they are all there.
    private func cutListeners() {
        guard mustCut, state == .ready else { return }
        mustCut = false
        role?.assumeIsolated { $0.cutListeners() }
    }

    private func onSignal() {
        while let signal = Signals.next(signals) { stopRole(Signals.name(signal)) }
    }

    private func onLifeline() {
        guard Descriptor.isHungUp(lifeline) else { return }
        loop.unregister(PollToken(descriptor: lifeline))
        stopRole("the supervisor is gone")
    }

    private func stopRole(_ reason: String) {
        guard state != .stopping && state != .ended else { return }
        state = .stopping
        environment.log.info("stopping", ["reason": reason])
        var stopping = Stopping()
        stopping.reason = reason
        _ = send(.stopping, stopping)
        Task {
            await self.role?.stop()
            self.finish(ExitClass.success.rawValue)
        }
    }

    private func fail(_ failure: StartFailure) {
        guard state != .ended else { return }
        environment.log.error(failure.message, ["hint": failure.hint])
        finish(failure.exit.rawValue)
    }

    private func finish(_ code: Int32) {
        guard state != .ended else { return }
        state = .ended
        if let token = control?.pollToken { loop.unregister(token) }
        control = nil
        done.finish(code)
    }

    private func report(_ frame: [UInt8]) {
        do {
            try control?.send(frame)
        } catch {
            environment.log.debug("the supervisor does not read", ["error": "\(error)"])
        }
    }

    /// False when the supervisor is not connected or its queue is full; a later beat will do.
    private func send(_ kind: Kind, _ body: some WireMessage) -> Bool {
        do {
            try control?.send(Frame.encode(Header(kind: kind), body: body))
            return control != nil
        } catch {
            return false
        }
    }
}
