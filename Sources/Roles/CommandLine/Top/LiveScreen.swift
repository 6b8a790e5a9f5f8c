import System

/// The alternate screen of a terminal: what was there before comes back at the end.
final class LiveScreen {
    private let control: TerminalControl

    private init(_ control: TerminalControl) { self.control = control }

    /// Nil without a terminal to read keys from.
    static func open() -> LiveScreen? {
        guard let control = TerminalControl() else { return nil }
        Descriptor.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J", to: 1)
        return LiveScreen(control)
    }

    func close() {
        Descriptor.write("\u{1B}[?25h\u{1B}[?1049l", to: 1)
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
