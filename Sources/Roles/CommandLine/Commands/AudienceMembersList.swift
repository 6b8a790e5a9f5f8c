import Messages
import PlainText
import Runtime

extension CommandLineTool {
    /// Prints the users of a tag as the trainer answers them, page by page.
    static func listMembers(_ invocation: Invocation) throws -> ExitCode {
        guard invocation.operands.count == 1 else {
            throw CommandFailure(
                .usage, "which audience? one TAG is needed", hint: "limn tags lists them")
        }
        let cluster = try invocation.cluster()
        var request = AudienceRequest()
        request.tag = invocation.operands[0]
        var first: AudienceMembers?
        var userIDs: [String] = []
        repeat {
            let page = try cluster.ask(
                .trainer, request, as: AudienceMembers.self, timeoutMs: 5_000)
            if first == nil { first = page }
            userIDs += page.userIDs
            request.after = page.next
        } while request.after != 0
        let isComplete = first?.complete ?? false
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("tag", .string(request.tag)), ("users", .integer(Int64(userIDs.count))),
                    ("complete", .bool(isComplete)),
                    ("as_of_ms", .integer(first?.asOfMs ?? 0)),
                    ("sequence", .integer(Int64(clamping: first?.sequence ?? 0))),
                    ("user_ids", .array(userIDs.map { .string($0) })),
                ]))
        } else if !userIDs.isEmpty {
            invocation.terminal.print(
                userIDs.map { VisibleText.line($0) }.joined(separator: "\n"))
        }
        if !isComplete {
            invocation.terminal.writeError(
                "limn: the trainer still reads the users since its start; ask again\n")
        }
        return userIDs.isEmpty ? .negative : .success
    }
}
