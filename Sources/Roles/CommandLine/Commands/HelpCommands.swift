import PlainText
import Runtime

extension CommandLineTool {
    static let helpCommand = Command(
        "help", "explain a command, or exit-codes", operands: "[COMMAND]", count: 0...1,
        example: "limn help import"
    ) { invocation in
        guard let topic = invocation.operands.first else {
            if invocation.wantsJSON {
                invocation.terminal.print(
                    .array(
                        commands.map { command in
                            .object([
                                ("name", .string(command.name)),
                                ("summary", .string(command.summary)),
                            ])
                        }))
            } else {
                invocation.terminal.print(Help.overview(commands))
            }
            return .success
        }
        if topic == "exit-codes" {
            if invocation.wantsJSON {
                invocation.terminal.print(Help.exitCodesJSON)
            } else {
                invocation.terminal.print(Help.exitCodes)
            }
            return .success
        }
        guard let command = commands.first(where: { $0.name == topic }) else {
            let near = Suggestion.nearest(to: topic, among: commands.map(\.name))
            throw CommandFailure(
                .usage, "there is no command \"\(topic)\"",
                hint: near.map { "did you mean \($0)?" } ?? "see: limn help")
        }
        show(command, invocation)
        return .success
    }

    /// What `--help` and `limn help COMMAND` print.
    static func show(_ command: Command, _ invocation: Invocation) {
        if invocation.wantsJSON {
            invocation.terminal.print(Help.json(command))
        } else {
            invocation.terminal.print(Help.page(command))
        }
    }

    static let versionCommand = Command(
        "version", "print the version of this program", example: "limn version"
    ) { invocation in
        if invocation.wantsJSON {
            invocation.terminal.print(.object([("version", .string(Build.name))]))
        } else {
            invocation.terminal.print("\(Build.name)")
        }
        return .success
    }

    static let completionCommand = Command(
        "completion", "print a script for shell completion", operands: "bash", count: 1...1,
        example: "eval \"$(limn completion bash)\""
    ) { invocation in
        guard invocation.operands == ["bash"] else {
            throw CommandFailure(
                .usage, "completion is there for bash only", hint: "limn completion bash")
        }
        let script = Completion.bash(commands)
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([("shell", .string("bash")), ("script", .string(script))]))
        } else {
            invocation.terminal.print(script)
        }
        return .success
    }

    static let initCommand = Command(
        "init", "make a data folder with configuration and keys",
        example: "limn init --folder /var/lib/limn",
        details: "Refuses a folder that is already initialised; nothing is overwritten."
    ) { invocation in
        do throws(StartFailure) {
            let folder = try DataFolder.initialise(invocation.folder)
            if invocation.wantsJSON {
                invocation.terminal.print(
                    .object([
                        ("folder", .string(folder.path)),
                        ("configuration", .string(folder.configurationFile)),
                        ("keys", .string(folder.keysFolder)),
                    ]))
            } else {
                invocation.terminal.print(
                    """
                    \(invocation.terminal.style.green("made")) \(folder.path)
                      configuration  \(folder.configurationFile)
                      keys           \(folder.keysFolder) (readable by you only)
                    next: limn-supervisor --folder \(folder.path)
                    """)
            }
            return .success
        } catch { throw CommandFailure(error) }
    }
}
