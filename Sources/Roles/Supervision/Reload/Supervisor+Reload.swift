import Messages
import Runtime
import System
import ZeroMQ

/// Reading the configuration again while everything runs.
extension Supervisor {
    /// Asked for by an operator: the answer says what was done for each changed key.
    func reload(_ request: ReloadRequest, _ header: Header) -> [UInt8] {
        do throws(StartFailure) {
            let plan = try reload(isDry: request.dryRun)
            var answer = status()
            answer.notes = plan.lines
            return Frame.answer(header, answer)
        } catch {
            let isBusy = error.exit == .temporary
            return Frame.refuse(
                header, isBusy ? .unavailable : .badRequest, error.message,
                retryAfterMs: isBusy ? 1000 : 0)
        }
    }

    /// Asked for by SIGHUP: what is wrong is in the log.
    func reloadOnSignal() {
        notify.send("RELOADING=1\nMONOTONIC_USEC=\(Clock.monotonicNs() / 1000)")
        do throws(StartFailure) {
            _ = try reload(isDry: false)
        } catch {
            log.error("the configuration stays as it was", ["reason": error.message])
        }
        notify.send("READY=1")
    }

    /// A file with a mistake changes nothing.
    private func reload(isDry: Bool) throws(StartFailure) -> ReloadPlan {
        let file = environment.folder.configurationFile
        let (text, fresh) = try Configuration.loadWithText(file)
        try RuleCheck.check(fresh, file: file)
        let changes = ReloadPlan(from: settings, to: fresh)
        guard !isDry else { return changes }
        guard changes.restarts.isEmpty || fleet.restartsLeft == 0 else {
            throw StartFailure(
                .temporary, "a rolling restart is under way; nothing was changed",
                hint: "try again when limn status shows restarts_left 0")
        }
        try AcceptedConfiguration.write(text, environment.folder)
        adopt(fresh)
        for line in changes.lines { log.info("reload", ["change": line]) }
        for change in changes.changes {
            if case .scales(let kind) = change.effect { release(kind) }
        }
        if !changes.restarts.isEmpty { _ = fleet.restart(changes.restarts, facts) }
        advanceFleet()
        return changes
    }

    /// What needs no restart holds from here on.
    private func adopt(_ fresh: Configuration) {
        let before = settings
        settings = fresh
        plan.adopt(fresh.supervisor)
        policies = Self.policies(fresh)
        if fresh.supervisor.http != before.supervisor.http { moveHTTP() }
        guard fresh.log.level != before.log.level else { return }
        for (peer, _) in peers {
            send(to: peer, Frame.encode(Header(kind: .welcome), body: welcome))
        }
    }

    /// What every role is told at its start, and again when the log level changes.
    var welcome: Welcome {
        var welcome = Welcome()
        welcome.version = Frame.version
        welcome.aliveEveryMs = Self.aliveEveryMs
        welcome.logLevel = settings.log.level.rawValue
        return welcome
    }
}

/// The text that the cluster runs with: a process that is started again while somebody edits the
/// file must not read half of it.
enum AcceptedConfiguration {
    static func file(_ folder: DataFolder) -> String { "\(folder.runFolder)/accepted.json5" }

    static func write(_ text: String, _ folder: DataFolder) throws(StartFailure) {
        do throws(SystemError) {
            try Files.writeAtomically(file(folder), Array(text.utf8), mode: 0o600)
        } catch {
            throw StartFailure(.io, "cannot keep the configuration: \(error)")
        }
    }
}
