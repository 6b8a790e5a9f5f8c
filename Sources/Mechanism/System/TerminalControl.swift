import Glibc

/// A terminal that hands on each key at once and shows none; as it was before when this ends.
package final class TerminalControl: Sendable {
    private let saved: termios
    // SIGTERM, SIGINT and SIGHUP become an answer of `key`, so that whoever holds this restores the
    // terminal before the process ends.
    private let signals: Int32

    /// Nil when standard input is no terminal.
    package init?() {
        var before = termios()
        guard isatty(0) == 1, unsafe tcgetattr(0, &before) == 0,
            let signals = try? Signals.stopDescriptor()
        else { return nil }
        saved = before
        self.signals = signals
        var raw = before
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        _ = unsafe tcsetattr(0, TCSANOW, &raw)
    }

    deinit { restore() }

    package func restore() {
        var before = saved
        _ = unsafe tcsetattr(0, TCSANOW, &before)
    }

    package enum Key: Sendable, Equatable {
        case byte(UInt8)
        case signal
        case closed
    }

    /// The next key, or nil when none comes in time.
    package func key(within time: Duration) -> Key? {
        var entries = [
            pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
        ]
        let limit = Int32(clamping: max(0, time.milliseconds))
        guard unsafe poll(&entries, nfds_t(entries.count), limit) > 0 else { return nil }
        if entries[1].revents != 0 { return .signal }
        var byte: UInt8 = 0
        return unsafe read(0, &byte, 1) == 1 ? .byte(byte) : .closed
    }

    /// Columns and rows of standard output now; 80 by 24 if it does not say.
    package static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
