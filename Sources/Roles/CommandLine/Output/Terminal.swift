import Foundation

/// Where output goes, and what may be assumed of it.
package struct Terminal: Sendable {
    /// True if standard output is a screen.
    package var isScreen: Bool
    /// True if standard error is a screen; progress goes there.
    package var progressIsScreen: Bool
    package var style: Style
    package var columns: Int
    package var environment: [String: String]
    package var write: @Sendable (String) -> Void
    package var writeError: @Sendable (String) -> Void

    /// The real one.
    package static func standard() -> Terminal {
        let environment = ProcessInfo.processInfo.environment
        let isScreen = isatty(1) == 1
        let wantsColour = isScreen && (environment["NO_COLOR"] ?? "").isEmpty
        return Terminal(
            isScreen: isScreen, progressIsScreen: isatty(2) == 1,
            style: wantsColour && environment["TERM"] != "dumb" ? .coloured : .plain,
            columns: environment["COLUMNS"].flatMap { Int($0) } ?? 100,
            environment: environment,
            write: { FileHandle.standardOutput.write(Data($0.utf8)) },
            writeError: { FileHandle.standardError.write(Data($0.utf8)) })
    }

    package init(
        isScreen: Bool, progressIsScreen: Bool, style: Style, columns: Int,
        environment: [String: String], write: @escaping @Sendable (String) -> Void,
        writeError: @escaping @Sendable (String) -> Void
    ) {
        self.isScreen = isScreen
        self.progressIsScreen = progressIsScreen
        self.style = style
        self.columns = columns
        self.environment = environment
        self.write = write
        self.writeError = writeError
    }

    package func print(_ text: String) { write(text + "\n") }
    package func print(_ value: JSONValue) { write(value.rendered() + "\n") }
}

/// Emphasis on a screen that can show it.
package enum Style: Sendable {
    case plain, coloured

    private func wrap(_ text: String, _ code: String) -> String {
        self == .coloured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    package func bold(_ text: String) -> String { wrap(text, "1") }
    package func dim(_ text: String) -> String { wrap(text, "2") }
    package func red(_ text: String) -> String { wrap(text, "31") }
    package func green(_ text: String) -> String { wrap(text, "32") }
    package func yellow(_ text: String) -> String { wrap(text, "33") }
    package func blue(_ text: String) -> String { wrap(text, "36") }
}
