package import Messages
import PlainText
import Randomness
package import Runtime
import HTTPServer
import Storage
package import System
import ZeroMQ

/// Obeys the plan: starts processes, listens to them, and answers operators on the control socket.
package actor Supervisor {
    let environment: RoleEnvironment
    private let done: ExitLatch
    private let startedAt = Clock.monotonic()
    var plan: ClusterPlan
    var table: ChildTable
    private var control: Socket?
    var peers: [RoutingID: Slot] = [:]
    var vitals: [Slot: Alive] = [:]
    var endpoints: [Slot: [String]] = [:]
    let leases: any Leases
    var assignment: AssignmentPlan
    var assignmentSentAt: Duration = .zero
    var assignmentSent: UInt64 = 0
    var hasBeenWhole = false
    var fleet: FleetPlan
    var meter = LoadMeter()
    var policies: [RoleKind: ScalingPolicy]
    /// Kinds whose number an operator has set.
    var byHand: Set<RoleKind> = []
    var judgedAt: Duration = .zero
    var scaledByLoad: UInt64 = 0
    var http: HTTPServer?
    var httpRequests: UInt64 = 0
    /// Of traced batches, oldest first.
    var points: [TracePoint] = []
    var orphansEnded: UInt64 = 0
    let notify: ServiceManager
    var told = ClusterPlan.State.stopped
    var isAnnounced = false
    var petAt: Duration = .zero
    /// The configuration in force; the environment's is that of the start.
    var settings: Configuration
    /// The end of a role's log when it last failed.
    var lastProblems: [Slot: String] = [:]
    /// Spreads restarts.
    private var random: SplitMix64
    private var reported = ClusterPlan.State.stopped

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe environment.loop.asUnownedSerialExecutor()
    }

    var loop: EventLoop { environment.loop }
    var log: Log { environment.log.formatted(settings.log.format) }

    /// How often time passes for the plan.
    static let tickEvery: Duration = .milliseconds(50)
    /// How often a role shows that it is alive, in milliseconds.
    static let aliveEveryMs: UInt32 = 1000

    package init(
        _ environment: RoleEnvironment, programs: String, isVerbose: Bool, done: ExitLatch,
        notify: ServiceManager = ServiceManager()
    ) throws(StartFailure) {
        self.environment = environment
        self.done = done
        self.notify = notify
        settings = environment.configuration
        plan = ClusterPlan(configuration: environment.configuration)
        fleet = FleetPlan(configuration: environment.configuration)
        policies = Self.policies(environment.configuration)
        (leases, assignment) = try Self.openLeases(environment.folder)
        random = SplitMix64(seed: environment.incarnation)
        do throws(SystemError) {
            table = try ChildTable(
                folder: environment.folder, programs: programs, isVerbose: isVerbose,
                log: environment.configuration.log)
        } catch {
            throw StartFailure(.temporary, "cannot make the lifeline: \(error)")
        }
    }

    /// Binds the control socket and starts the first roles; `signals` is a stop descriptor or -1.
    package func begin(signals: Int32) throws(StartFailure) {
        let socket = try environment.bind(.controlServer, [environment.endpoints.control])
        loop.onReadable(socket.pollToken) { self.assumeIsolated { $0.onControl() } }
        control = consume socket
        if signals >= 0 {
            loop.onReadable(PollToken(descriptor: signals)) {
                self.assumeIsolated { $0.onSignal(signals) }
            }
        }
        restoreByHand()
        loop.schedule(after: Self.tickEvery, repeating: Self.tickEvery) {
            self.assumeIsolated { $0.tick() }
        }
        loop.schedule(after: .seconds(1), repeating: .seconds(1)) {
            self.assumeIsolated { $0.log.flush() }
        }
        beginHTTP()
        obey(plan.start(at: Clock.monotonic()))
        for slot in plan.slots where slot.kind == .features { expect(worker: slot.index) }
    }

    /// Begins the ordered stop.
    package func stop(_ reason: String) {
        guard plan.state != .stopping && plan.state != .stopped else { return }
        log.info("stopping", ["reason": reason])
        obey(plan.stop(at: Clock.monotonic()))
        finishIfStopped()
    }

    /// Of the processes and the partitions together.
    package var state: ClusterPlan.State {
        guard plan.state == .ready, !assignment.isWhole else { return plan.state }
        return hasBeenWhole ? .degraded : .starting
    }

    private func onSignal(_ descriptor: Int32) {
        while let signal = Signals.next(descriptor) {
            // A terminal that is closed sends SIGHUP too, and means the end.
            if signal == Signals.hangUp && !Environment.hasTerminal {
                reloadOnSignal()
            } else {
                stop(Signals.name(signal))
            }
        }
    }

    private func tick() {
        obey(plan.tick(at: Clock.monotonic(), jitter: nextJitter()))
        tickAssignment()
        followLoad()
        advanceFleet()
        tickNotify()
        finishIfStopped()
    }

    func tell(_ event: RoleLifecycle.Event, _ slot: Slot) {
        obey(plan.handle(event, slot, at: Clock.monotonic(), jitter: nextJitter()))
    }

    func obey(_ steps: [ClusterPlan.Step]) {
        for (slot, action) in steps {
            switch action {
            case .spawn: spawn(slot)
            case .askToStop: askToStop(slot)
            case .signal(let signal):
                if signal == Signals.abort { noteThreads(slot) }
                table.children[slot]?.signalGroup(signal)
            case .report(let level, let text): report(level, slot, text)
            }
        }
        noteState()
    }

    private func spawn(_ slot: Slot) {
        do throws(SystemError) {
            let child = try table.spawn(slot)
            log.info("started", ["role": "\(slot)", "pid": "\(child.pid)"])
            loop.onReadable(PollToken(descriptor: child.pidfd)) {
                self.assumeIsolated { $0.onExit(slot, child) }
            }
            tell(.spawned, slot)
        } catch {
            tell(.spawnFailed("cannot be started: \(error)"), slot)
        }
    }

    private func onExit(_ slot: Slot, _ child: ChildProcess) {
        guard let status = child.poll() else { return }
        loop.unregister(PollToken(descriptor: child.pidfd))
        // Whatever the role started itself must not outlive it.
        child.signalGroup(Signals.kill)
        table.remove(slot)
        vitals[slot] = nil
        meter.forget(slot)
        endpoints[slot] = nil
        peers = peers.filter { $0.value != slot }
        if slot.kind == .features { lose(worker: slot.index) }
        tell(.exited(status), slot)
        finishIfStopped()
    }

    private func askToStop(_ slot: Slot) {
        var stop = Stop()
        stop.reason = "the cluster stops"
        stop.graceMs = UInt32(
            clamping: environment.configuration.supervisor.stopGrace.milliseconds)
        for (peer, owner) in peers where owner == slot {
            send(to: peer, Frame.encode(Header(kind: .stop), body: stop))
        }
    }

    private func report(_ level: Log.Level, _ slot: Slot, _ text: String) {
        switch level {
        case .debug: log.debug(text, ["role": "\(slot)"])
        case .info: log.info(text, ["role": "\(slot)"])
        case .warning, .error:
            let path = environment.folder.roleLogFile(slot.kind, slot.index)
            let last = LogTail.lastProblem(in: path) ?? ""
            lastProblems[slot] = last.isEmpty ? nil : last
            let fields: KeyValuePairs = ["role": "\(slot)", "log": path, "last": last]
            if level == .error { log.error(text, fields) } else { log.warning(text, fields) }
        }
    }

    func noteState() {
        guard state != reported else { return }
        reported = state
        log.info("cluster is \(reported.rawValue)")
    }

    func finishIfStopped() {
        guard plan.state == .stopped else { return }
        if let token = control?.pollToken { loop.unregister(token) }
        control = nil
        closeHTTP()
        if let culprit = plan.culprit {
            let path = environment.folder.roleLogFile(culprit.kind, culprit.index)
            StandardError.write("limn-supervisor: \(culprit) cannot start, so nothing does:\n")
            let last = LogTail.lastProblem(in: path) ?? "see \(path)"
            StandardError.write("  \(VisibleText.line(last))\n")
        }
        log.flush(all: true)
        done.finish(plan.exit)
    }

    private func nextJitter() -> Double {
        Double(Int64(bitPattern: random.next())) / Double(Int64.max)
    }

    func send(to peer: RoutingID, _ frame: [UInt8]) {
        do throws(ZeroMQError) {
            try control?.send(to: peer, frame)
        } catch {
            log.debug("a control message was not delivered", ["error": "\(error)"])
        }
    }
}

// What comes in on the control socket.
extension Supervisor {
    private func onControl() {
        for _ in 0..<Limits.receivesPerTurn {
            guard let delivery = (try? control?.receiveDelivery()) ?? nil else { return }
            receive(delivery)
        }
    }

    private func receive(_ delivery: borrowing Delivery) {
        let sender = delivery.sender
        guard delivery.frameCount == 1 else { return }
        let user = delivery.payload.userID
        do throws(FrameError) {
            let bytes = delivery.payload.bytes
            let (header, body) = try Frame.decode(bytes)
            guard environment.authorisation.allows(user, header.kind) else {
                log.warning("refused", ["kind": header.kind.name, "user": user ?? "none"])
                let text = "this key may not send \(header.kind.name)"
                return send(to: sender, Frame.refuse(header, .notAuthorised, text))
            }
            try handle(header, bytes.extracting(body), sender)
        } catch {
            send(to: sender, error.reply)
        }
    }

    private func handle(
        _ header: Header, _ body: Span<UInt8>, _ sender: RoutingID
    ) throws(FrameError) {
        let whole = 0..<body.count
        switch header.kind {
        case .hello:
            let hello = try Frame.decode(Hello.self, body, body: whole, header: header)
            greet(hello, header, sender)
        case .ready:
            guard let slot = peers[sender] else { return }
            endpoints[slot] = try Frame.decode(
                Ready.self, body, body: whole, header: header
            ).endpoints
            tell(.ready, slot)
            if slot.kind == .features { welcome(worker: slot.index) }
        case .alive:
            guard let slot = peers[sender] else { return }
            let alive = try Frame.decode(Alive.self, body, body: whole, header: header)
            vitals[slot] = alive
            if !alive.traces.isEmpty { take(alive.traces, of: slot) }
            noteLoad(slot, alive)
            tell(.alive, slot)
            tell(.worked(progress: alive.progress, waiting: alive.waiting), slot)
            if slot.kind == .features { assignment.heard(slot.index, at: Clock.monotonic()) }
        case .holding:
            guard let slot = peers[sender], slot.kind == .features else { return }
            let holding = try Frame.decode(Holding.self, body, body: whole, header: header)
            take(holding, of: slot.index)
        case .stopping: break
        case .statusRequest:
            let request = try Frame.decode(StatusRequest.self, body, body: whole, header: header)
            var answer = status()
            answer.traces = points.filter {
                !request.traceID.isEmpty && $0.traceID == request.traceID
            }
            send(to: sender, Frame.answer(header, answer))
        case .scaleRequest:
            let request = try Frame.decode(ScaleRequest.self, body, body: whole, header: header)
            send(to: sender, scale(request, header))
        case .restartRequest:
            let request = try Frame.decode(RestartRequest.self, body, body: whole, header: header)
            send(to: sender, restart(request, header))
        case .reloadRequest:
            let request = try Frame.decode(ReloadRequest.self, body, body: whole, header: header)
            send(to: sender, reload(request, header))
        case .stop:
            var stopping = Stopping()
            stopping.reason = "asked by an operator"
            send(to: sender, Frame.answer(header, stopping))
            stop(stopping.reason)
        default:
            let text = "the supervisor does not answer \(header.kind.name)"
            send(to: sender, Frame.refuse(header, .unknownKind, text))
        }
    }

    // A role is believed only when its pid is that of the child in its slot.
    private func greet(_ hello: Hello, _ header: Header, _ sender: RoutingID) {
        guard let kind = RoleKind(rawValue: hello.role) else { return }
        let slot = Slot(kind, Int(hello.index))
        guard let child = table.children[slot], UInt32(child.pid) == hello.pid else {
            let text = "no process \(hello.pid) was started as \(slot)"
            return send(to: sender, Frame.refuse(header, .notAuthorised, text))
        }
        guard (hello.versionMin...max(hello.versionMin, hello.versionMax)).contains(Frame.version)
        else {
            let text = "version \(Frame.version) is spoken here"
            return send(to: sender, Frame.refuse(header, .unsupportedVersion, text))
        }
        peers[sender] = slot
        send(to: sender, Frame.answer(header, welcome))
        tell(.greeted, slot)
        if kind != .ingest { sendAssignment(to: sender) }
    }

    /// How everything is.
    package func status() -> Status {
        let now = Clock.monotonic()
        var status = Status()
        status.state = state.rawValue
        status.build = Build.name
        status.uptimeMs = UInt64(max(0, (now - startedAt).milliseconds))
        status.pid = UInt32(ProcessFacts.currentPid())
        status.roles = plan.slots.compactMap { slot in
            guard let role = plan.roles[slot] else { return nil }
            var entry = role.status(slot, at: now)
            entry.pid = UInt32(table.children[slot]?.pid ?? 0)
            entry.loopLagUs = vitals[slot]?.loopLagUs ?? 0
            entry.counters = vitals[slot]?.counters ?? []
            entry.endpoints = endpoints[slot] ?? []
            entry.progress = vitals[slot]?.progress ?? 0
            entry.waiting = vitals[slot]?.waiting ?? 0
            entry.refusing = vitals[slot]?.refusing ?? ""
            if !entry.reason.isEmpty, let last = lastProblems[slot] {
                entry.reason += ": \(last)"
            }
            return entry
        }
        status.counters = assignmentCounters + fleetCounters + ownCounters
        return status
    }
}
