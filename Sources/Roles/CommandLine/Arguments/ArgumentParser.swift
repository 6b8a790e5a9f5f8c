import PlainText

/// Turns words into an invocation, and says precisely what is wrong with them.
package struct ArgumentParser: Sendable {
    let commands: [Command]

    package init(_ commands: [Command]) { self.commands = commands }

    /// Finds the command and reads its options; `--` ends options.
    package func parse(
        _ words: [String], terminal: Terminal
    ) throws(CommandFailure) -> (Command, Invocation) {
        guard let first = words.first else {
            throw CommandFailure(.usage, "no command given", hint: "see: limn help")
        }
        guard let command = commands.first(where: { $0.name == first }) else {
            throw unknown("command", first, commands.map(\.name), "see: limn help")
        }
        var invocation = Invocation(command: first, terminal: terminal)
        var rest = ArraySlice(words.dropFirst())
        var onlyOperands = false
        while let word = rest.popFirst() {
            if onlyOperands || !word.hasPrefix("-") || word == "-" {
                invocation.operands.append(word)
            } else if word == "--" {
                onlyOperands = true
            } else {
                try read(word, &rest, command, &invocation)
            }
        }
        if !invocation.has("help") { try checkOperands(invocation, command) }
        return (command, invocation)
    }

    private func read(
        _ word: String, _ rest: inout ArraySlice<String>, _ command: Command,
        _ invocation: inout Invocation
    ) throws(CommandFailure) {
        let isLong = word.hasPrefix("--")
        let body = word.drop { $0 == "-" }
        let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        let option = command.allOptions.first {
            isLong ? $0.name == name : !$0.short.isEmpty && $0.short == name
        }
        guard let option else {
            let known = command.allOptions.map { isLong ? "--\($0.name)" : "-\($0.short)" }
            throw unknown(
                "option", isLong ? "--\(name)" : word, known.filter { $0 != "-" },
                "see: limn help \(command.name)")
        }
        guard let placeholder = option.value else {
            if parts.count > 1 {
                throw CommandFailure(.usage, "--\(option.name) takes no value")
            }
            invocation.flags.insert(option.name)
            return
        }
        if parts.count > 1 {
            invocation.values[option.name, default: []].append(String(parts[1]))
        } else if let next = rest.first, !next.hasPrefix("--") {
            rest.removeFirst()
            invocation.values[option.name, default: []].append(next)
        } else {
            throw CommandFailure(
                .usage, "--\(option.name) needs a value",
                hint: "write: --\(option.name) \(placeholder)")
        }
    }

    private func checkOperands(
        _ invocation: Invocation, _ command: Command
    ) throws(CommandFailure) {
        let count = invocation.operands.count
        if command.operandCount.contains(count) { return }
        let usage = "limn \(command.name) \(command.operands)"
        if count > command.operandCount.upperBound {
            let extra = invocation.operands[command.operandCount.upperBound]
            throw CommandFailure(.usage, "\"\(extra)\" is one word too many", hint: usage)
        }
        throw CommandFailure(
            .usage, "\(command.operands) is missing", hint: "for example: \(command.example)")
    }

    private func unknown(
        _ what: String, _ word: String, _ known: [String], _ otherwise: String
    ) -> CommandFailure {
        let near = Suggestion.nearest(to: word, among: known)
        return CommandFailure(
            .usage, "unknown \(what) \"\(word)\"",
            hint: near.map { "did you mean \($0)?" } ?? otherwise)
    }
}
