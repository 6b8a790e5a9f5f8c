import Messages
import PlainText
import Runtime

extension CommandLineTool {
    static let reloadCommand = Command(
        "reload", "read limn.json5 again while the cluster runs",
        options: [Option("dry-run", "only say what would be done")],
        example: "limn reload --dry-run",
        details: """
            Says for each changed key whether it holds at once, or which processes are started anew
            for it, one after the other. A file with a mistake changes nothing. What was changed in
            keys/authorised.json5 holds at once, and first. SIGHUP to limn-supervisor does the same.
            """
    ) { invocation in
        var question = ReloadRequest()
        question.dryRun = invocation.has("dry-run")
        let status = try ask(invocation.cluster(), question)
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            terminal.print(
                .object([
                    ("dry_run", .bool(question.dryRun)),
                    ("changes", .array(status.notes.map { .string($0) })),
                ]))
        } else {
            for note in status.notes { terminal.print(VisibleText.line(note)) }
        }
        return .success
    }

    /// What the supervisor finds wrong with the request is wrong in the files.
    private static func ask(_ cluster: any Cluster, _ question: ReloadRequest) throws -> Status {
        do throws(CommandFailure) {
            return try cluster.ask(.supervisor, question, as: Status.self, timeoutMs: 10_000)
        } catch {
            guard error.exit == .data else { throw error }
            throw CommandFailure(.configuration, error.message, hint: error.hint)
        }
    }
}
