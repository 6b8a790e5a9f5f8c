import System

/// The alternate screen of a terminal: what was there before comes back at the end.
final class LiveScreen {
    private let control: TerminalControl
    private let terminal: Terminal

    private init(_ control: TerminalControl, _ terminal: Terminal) {
        self.control = control
        self.terminal = terminal
    }

    /// Nil without a terminal to read keys from.
    static func open(_ terminal: Terminal) -> LiveScreen? {
        guard let control = TerminalControl() else { return nil }
        terminal.draw("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
        return LiveScreen(control, terminal)
    }

    func close() {
        terminal.draw("\u{1B}[?25h\u{1B}[?1049l")
        control.restore()
    }

    var size: (columns: Int, rows: Int) { TerminalControl.size }

    /// Waits for the time given, or until somebody presses q, Escape or Ctrl-C.
    func wantsToLeave(within time: Duration) -> Bool {
        let deadline = Clock.monotonic() + time
        while true {
            switch control.key(within: deadline - Clock.monotonic()) {
            case nil: return false
            case .signal, .closed, .byte(UInt8(ascii: "q")), .byte(3), .byte(27): return true
            case .byte: break
            }
        }
    }
}
