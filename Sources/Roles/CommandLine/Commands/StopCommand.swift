import Messages
import PlainText
import Runtime
import System

extension CommandLineTool {
    static let stopCommand = Command(
        "stop", "stop the running cluster in order, and wait until it is down",
        options: [Option("timeout", value: "SECONDS", "how long to wait (default 60)")],
        example: "limn stop --folder ~/shop",
        details: """
            Does what SIGTERM to limn-supervisor does: what was acknowledged is on disk, what was
            asked is answered, then the roles end in reverse order. A supervisor that systemd
            started is better stopped by systemctl stop limn, which is the same.
            """
    ) { invocation in
        let seconds = try invocation.number("timeout", default: 60, in: 1...86_400)
        let folder: DataFolder
        do throws(StartFailure) {
            folder = try DataFolder(invocation.folder)
            try folder.requireInitialised()
        } catch { throw CommandFailure(error) }
        let began = Clock.monotonic()
        let pid = try askToStop(folder)
        let isDown = waitUntilDown(folder, until: began + .seconds(seconds), invocation)
        let took = (Clock.monotonic() - began).seconds
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("folder", .string(folder.path)), ("pid", .integer(Int64(pid))),
                    ("stopped", .bool(isDown)), ("ms", .integer(Int64(took * 1000))),
                ]))
        } else if isDown {
            invocation.terminal.print(
                "the cluster of \(VisibleText.line(folder.path)) is stopped, "
                    + "after \(Format.duration(took))")
        }
        guard !isDown else { return .success }
        invocation.terminal.writeError("not down yet; look at: limn status\n")
        return .negative
    }

    private static func askToStop(_ folder: DataFolder) throws(CommandFailure) -> Int32 {
        guard folder.isSupervised != false else {
            throw CommandFailure(
                .unavailable, "no cluster of \(folder.path) runs", hint: "nothing is to be stopped")
        }
        // Who has just taken the lock notes its process next.
        let deadline = Clock.monotonic() + .milliseconds(500)
        do throws(SystemError) {
            repeat {
                if let pid = try folder.askSupervisorToStop() { return pid }
                Clock.pause(.milliseconds(20))
            } while Clock.monotonic() < deadline
        } catch {
            throw CommandFailure(
                .permission, "the supervisor of \(folder.path) may not be stopped: \(error)",
                hint: "stop it as the user who started it")
        }
        throw CommandFailure(
            .unavailable, "the supervisor of \(folder.path) is no process that is seen from here",
            hint: "stop it where it runs: in its container, or on its host")
    }

    /// The supervisor keeps its lock until the last of its processes has ended.
    private static func waitUntilDown(
        _ folder: DataFolder, until deadline: Duration, _ invocation: Invocation
    ) -> Bool {
        var bar = ProgressBar("stop", terminal: invocation.terminal)
        defer { bar.finish() }
        let cluster = try? invocation.cluster()
        var most = 0
        while folder.isSupervised != false {
            if Clock.monotonic() >= deadline { return false }
            let status = try? cluster?.ask(
                .supervisor, StatusRequest(), as: Status.self, timeoutMs: 200)
            if let status {
                let left = status.roles.count { $0.pid != 0 && $0.state != "stopped" }
                most = max(most, left)
                bar.update(
                    most - left, unit: "of \(most) processes have ended",
                    share: most > 0 ? Double(most - left) / Double(most) : nil)
            }
            Clock.pause(.milliseconds(50))
        }
        return true
    }
}
