/// Help texts; their wording is fixed by golden tests.
package enum Help {
    /// All commands on one page.
    package static func overview(_ commands: [Command]) -> String {
        let width = commands.map(\.name.count).max() ?? 0
        let lines = commands.map { command in
            "  " + command.name.padded(to: width + 2) + command.summary
        }
        return """
            limn: live user profiles and recommendations for shops

            limn COMMAND [options]

            \(lines.joined(separator: "\n"))

            limn help COMMAND   explains a command, with an example
            limn help exit-codes
            """
    }

    /// One command.
    package static func page(_ command: Command) -> String {
        let operands = command.operands.isEmpty ? "" : " " + command.operands
        let names = command.allOptions.map { option in
            (option.short.isEmpty ? "    " : "-\(option.short), ") + "--\(option.name)"
                + (option.value.map { " \($0)" } ?? "")
        }
        let width = names.map(\.count).max() ?? 0
        let lines = zip(names, command.allOptions).map { name, option in
            "  " + name.padded(to: width + 2) + option.help
        }
        let details = command.details.isEmpty ? "" : "\n\n" + command.details
        return """
            limn \(command.name): \(command.summary)

            limn \(command.name)\(operands) [options]\(details)

            Options
            \(lines.joined(separator: "\n"))

            Example
              \(command.example)
            """
    }

    /// One command for machines.
    static func json(_ command: Command) -> JSONValue {
        .object([
            ("name", .string(command.name)), ("summary", .string(command.summary)),
            ("operands", .string(command.operands)), ("details", .string(command.details)),
            (
                "options",
                .array(
                    command.allOptions.map { option in
                        .object([
                            ("name", .string(option.name)), ("short", .string(option.short)),
                            ("value", option.value.map { .string($0) } ?? .null),
                            ("help", .string(option.help)),
                        ])
                    })
            ), ("example", .string(command.example)),
        ])
    }

    static var exitCodesJSON: JSONValue {
        .array(
            ExitCode.allCases.map { code in
                .object([
                    ("exit", .integer(Int64(code.rawValue))), ("meaning", .string(code.meaning)),
                ])
            })
    }

    package static var exitCodes: String {
        let lines = ExitCode.allCases.map { code in
            "  " + String(code.rawValue).padded(to: 4) + code.meaning
        }
        return "Exit codes\n" + lines.joined(separator: "\n")
    }
}

extension String {
    /// Fills up with spaces on the right, counted in columns of the screen.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - DisplayWidth.of(self)))
    }
}
