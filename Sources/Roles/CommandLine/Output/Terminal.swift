import Foundation
import PlainText
import Runtime
package import System

/// Where output goes, and what may be assumed of it. Whatever is printed is text: control
/// characters in it come from strangers and are shown as escapes, so that no command can forget it.
package struct Terminal: Sendable {
    /// True if standard output is a screen.
    package var isScreen: Bool
    /// True if standard error is a screen; progress goes there.
    package var progressIsScreen: Bool
    package var style: Style
    /// How wide lines may be; nil where nobody minds, as in a file.
    package var columns: Int?
    package var environment: [String: String]
    /// Why output was lost; nil while everything was written.
    package var failure: @Sendable () -> SystemError?
    private let output: @Sendable (String) -> Void
    private let errors: @Sendable (String) -> Void

    /// The real one.
    package static func standard() -> Terminal {
        let environment = ProcessInfo.processInfo.environment
        let isScreen = isatty(1) == 1
        let wantsColour = isScreen && (environment["NO_COLOR"] ?? "").isEmpty
        let width =
            environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            ?? (isScreen ? TerminalControl.size.columns : nil)
        return Terminal(
            isScreen: isScreen, progressIsScreen: isatty(2) == 1,
            style: wantsColour && environment["TERM"] != "dumb" ? .coloured : .plain,
            columns: width, environment: environment, write: { StandardOutput.write($0) },
            writeError: { StandardError.write($0) }, failure: { StandardOutput.failure })
    }

    /// `write` and `writeError` get what is to be written as it is.
    package init(
        isScreen: Bool, progressIsScreen: Bool, style: Style, columns: Int?,
        environment: [String: String], write: @escaping @Sendable (String) -> Void,
        writeError: @escaping @Sendable (String) -> Void,
        failure: @escaping @Sendable () -> SystemError? = { nil }
    ) {
        self.isScreen = isScreen
        self.progressIsScreen = progressIsScreen
        self.style = style
        self.columns = columns
        self.environment = environment
        self.failure = failure
        output = write
        errors = writeError
    }

    package func print(_ text: String) { output(Style.shown(text) + "\n") }
    package func print(_ value: JSONValue) { print(value.rendered()) }
    package func writeError(_ text: String) { errors(Style.shown(text)) }

    /// Sends our own escape sequences to the screen: nothing of a stranger belongs here.
    func draw(_ sequences: String) { output(sequences) }
    /// The same to where progress is shown.
    func drawProgress(_ sequences: String) { errors(sequences) }
}

/// Emphasis on a screen that can show it.
package enum Style: Sendable {
    case plain, coloured

    // What begins our own sequences until they are written: nobody outside of this process can
    // guess it, so an escape without it is somebody else's.
    private static let mark = "\u{1B}[\(Entropy.uint64());"

    private func wrap(_ text: String, _ code: String) -> String {
        self == .coloured ? "\(Self.mark)\(code)m\(text)\(Self.mark)0m" : text
    }

    /// Text as the screen gets it: our own emphasis takes effect, other controls are escapes.
    package static func shown(_ text: String) -> String {
        guard text.utf8.contains(0x1B) else { return VisibleText.lines(text) }
        return parts(text).map { VisibleText.lines($0) }.joined(separator: "\u{1B}[")
    }

    /// The same for a cell of a table, which is one line; emphasis stays marked.
    static func cell(_ text: String) -> String {
        let line = text.replacing(/\r?\n/, with: " ")
        guard line.utf8.contains(0x1B) else { return VisibleText.line(line) }
        return parts(line).map { VisibleText.line($0) }.joined(separator: mark)
    }

    /// A cell over several lines, each with the emphasis of the whole.
    static func wrapped(_ cell: String, to columns: Int) -> [String] {
        let parts = parts(cell)
        guard parts.count > 1 else { return DisplayWidth.wrap(cell, to: columns) }
        // One emphasis around everything is repeated; of several none can be told for a line.
        let code = parts[1].prefix { $0 != "m" }
        let isWhole = parts.count == 3 && parts[0].isEmpty && parts[2].dropFirst(2).isEmpty
        return DisplayWidth.wrap(bare(cell), to: columns).map {
            isWhole ? "\(mark)\(code)m\($0)\(mark)0m" : $0
        }
    }

    /// Without our own emphasis.
    static func bare(_ text: String) -> String {
        guard text.utf8.contains(0x1B) else { return text }
        let parts = parts(text)
        return parts.dropFirst().reduce(String(parts.first ?? "")) { bare, part in
            bare + part.drop { $0 != "m" }.dropFirst()
        }
    }

    private static func parts(_ text: String) -> [Substring] {
        text.split(separator: mark, omittingEmptySubsequences: false)
    }

    package func bold(_ text: String) -> String { wrap(text, "1") }
    package func dim(_ text: String) -> String { wrap(text, "2") }
    package func red(_ text: String) -> String { wrap(text, "31") }
    package func green(_ text: String) -> String { wrap(text, "32") }
    package func yellow(_ text: String) -> String { wrap(text, "33") }
    package func blue(_ text: String) -> String { wrap(text, "36") }
}
