import Messages
import Runtime
import System
import ZeroMQ

/// Reading the configuration again while everything runs.
extension Supervisor {
    /// Asked for by an operator: the answer says what was done for each changed key.
    func reload(_ request: ReloadRequest, _ header: Header) -> [UInt8] {
        do throws(StartFailure) {
            let lines = try reload(isDry: request.dryRun)
            var answer = status()
            answer.notes = lines
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

    /// Keys first, and whatever becomes of the rest: who revokes one cannot wait for another file
    /// to be mended. Returns a line for each change.
    private func reload(isDry: Bool) throws(StartFailure) -> [String] {
        let keys = try reloadKeys(isDry: isDry)
        do throws(StartFailure) {
            let plan = try reloadConfiguration(isDry: isDry)
            return plan.changes.isEmpty && !keys.isEmpty ? keys : keys + plan.lines
        } catch {
            guard !keys.isEmpty, !isDry else { throw error }
            throw StartFailure(
                error.exit, error.message + " (keys hold already: \(keys.joined(separator: "; ")))",
                hint: error.hint)
        }
    }

    /// A file with a mistake changes nothing.
    private func reloadConfiguration(isDry: Bool) throws(StartFailure) -> ReloadPlan {
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
        try Accepted.write(text, environment.folder.acceptedConfigurationFile)
        adopt(fresh)
        for line in changes.lines { log.info("reload", ["change": line]) }
        for change in changes.changes {
            if case .scales(let kind) = change.effect { release(kind) }
        }
        if !changes.restarts.isEmpty { _ = fleet.restart(changes.restarts, facts) }
        advanceFleet()
        return changes
    }

    /// Roles are told at once, and look for themselves with every sign of life.
    private func reloadKeys(isDry: Bool) throws(StartFailure) -> [String] {
        let folder = environment.folder
        try KeyFiles.check(folder)
        let (table, text) = try Authorisation.read(folder.authorisedFile)
        try table.requireInternal(environment.keys.own)
        let changes = table.changes(from: environment.authorisation.table)
        guard !isDry, !changes.isEmpty else { return changes }
        try Accepted.write(text, folder.acceptedKeysFile)
        _ = environment.authorise(table)
        welcomeAll()
        return changes
    }

    /// What needs no restart holds from here on.
    private func adopt(_ fresh: Configuration) {
        let before = settings
        settings = fresh
        plan.adopt(fresh.supervisor)
        policies = Self.policies(fresh)
        if fresh.supervisor.http != before.supervisor.http { moveHTTP() }
        if fresh.log.level != before.log.level {
            log.setLevel(fresh.log.level)
            welcomeAll()
        }
    }

    private func welcomeAll() {
        for (peer, _) in peers {
            send(to: peer, Frame.encode(Header(kind: .welcome), body: welcome))
        }
    }

    /// What every role is told at its start, and again when the log level or the keys change.
    var welcome: Welcome {
        var welcome = Welcome()
        welcome.version = Frame.version
        welcome.aliveEveryMs = Self.aliveEveryMs
        welcome.logLevel = settings.log.level.rawValue
        return welcome
    }
}

/// The texts that the cluster runs with.
enum Accepted {
    static func write(_ text: String, _ file: String) throws(StartFailure) {
        do throws(SystemError) {
            try Files.writeAtomically(file, Array(text.utf8), mode: 0o600)
        } catch {
            throw StartFailure(.io, "cannot keep what was accepted: \(error)")
        }
    }
}
