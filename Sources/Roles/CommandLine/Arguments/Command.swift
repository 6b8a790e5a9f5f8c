/// One option of a command, such as `--limit NUMBER`, or a flag when `value` is nil.
package struct Option: Sendable, Equatable {
    package var name: String
    /// One letter, or empty.
    package var short: String
    /// What stands for the value in help; nil makes a flag.
    package var value: String?
    package var help: String

    package init(_ name: String, short: String = "", value: String? = nil, _ help: String) {
        self.name = name
        self.short = short
        self.value = value
        self.help = help
    }

    /// Options that every command takes.
    static let common: [Option] = [
        Option(
            "folder", value: "DIR",
            "data folder (default: $LIMN_FOLDER, or ./limn-data)"),
        Option("json", "print JSON for machines"),
        Option("help", short: "h", "explain this command"),
    ]
}

/// One command of the tool: how it is written, explained and run.
package struct Command: Sendable {
    package var name: String
    package var summary: String
    /// Operands as help shows them, such as `USER` or `FILE...`.
    package var operands: String
    package var operandCount: ClosedRange<Int>
    package var options: [Option]
    package var example: String
    package var details: String
    package var run: @Sendable (Invocation) throws -> ExitCode

    package init(
        _ name: String, _ summary: String, operands: String = "",
        count: ClosedRange<Int> = 0...0, options: [Option] = [], example: String,
        details: String = "", run: @escaping @Sendable (Invocation) throws -> ExitCode
    ) {
        self.name = name
        self.summary = summary
        self.operands = operands
        operandCount = count
        self.options = options
        self.example = example
        self.details = details
        self.run = run
    }

    var allOptions: [Option] { options + Option.common }
}

/// A command line that was understood.
package struct Invocation: Sendable {
    package var command: String
    package var operands: [String] = []
    package var values: [String: [String]] = [:]
    package var flags: Set<String> = []
    package var terminal: Terminal
    /// How a data folder's cluster is reached.
    package var openCluster: @Sendable (String) throws(CommandFailure) -> any Cluster = {
        (_: String) throws(CommandFailure) -> any Cluster in
        throw CommandFailure(.bug, "no cluster was given")
    }

    package init(command: String, terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    package func has(_ flag: String) -> Bool { flags.contains(flag) }
    package func text(_ name: String) -> String? { values[name]?.last }
    var wantsJSON: Bool { has("json") }

    /// A whole number from `range`; thousands may be grouped by `_`, or end in k or M.
    package func number(
        _ name: String, default fallback: Int, in range: ClosedRange<Int>
    ) throws(CommandFailure) -> Int {
        guard let text = text(name) else { return fallback }
        guard let number = Self.wholeNumber(text), range.contains(number) else {
            throw CommandFailure(
                .usage, "--\(name) \(text) is not a whole number",
                hint: "give a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    static func wholeNumber(_ text: String) -> Int? {
        var digits = text.filter { $0 != "_" }
        var factor = 1
        if digits.hasSuffix("k") { factor = 1_000 }
        if digits.hasSuffix("M") { factor = 1_000_000 }
        if factor > 1 { digits.removeLast() }
        guard let number = Int(digits) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// One of an enum's names; nil where the option is not given.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(CommandFailure) -> Choice? where Choice.RawValue == String {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw CommandFailure(
                .usage, "--\(name) \(text) is not known",
                hint: Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    package func decimal(_ name: String) throws(CommandFailure) -> Double? {
        guard let text = text(name) else { return nil }
        guard let number = Double(text), number.isFinite else {
            throw CommandFailure(.usage, "--\(name) \(text) is not a number")
        }
        return number
    }
}
