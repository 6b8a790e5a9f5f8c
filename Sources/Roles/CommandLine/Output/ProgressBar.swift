import Foundation
import PlainText
import Runtime

/// Shows how far a long command is: a bar on a screen, otherwise a line every five seconds.
package struct ProgressBar {
    private let terminal: Terminal
    private let label: String
    private let startedNs: UInt64
    private var shownNs: UInt64

    package init(_ label: String, terminal: Terminal) {
        self.label = label
        self.terminal = terminal
        startedNs = DispatchTime.now().uptimeNanoseconds
        shownNs = startedNs
    }

    /// Seconds since the start.
    package var elapsed: Double {
        Double(DispatchTime.now().uptimeNanoseconds - startedNs) / 1e9
    }

    /// Shows the state if it is time to. `share` (0 to 1) is nil when the whole is not known.
    package mutating func update(_ count: Int, unit: String, share: Double?) {
        let now = DispatchTime.now().uptimeNanoseconds
        let everyNs: UInt64 = terminal.progressIsScreen ? 100_000_000 : 5_000_000_000
        guard now - shownNs >= everyNs else { return }
        shownNs = now
        let line = Self.line(label, count, unit: unit, share: share, seconds: elapsed)
        guard terminal.progressIsScreen else { return terminal.writeError(line + "\n") }
        let room = max((terminal.columns ?? 100) - 1, 20)
        let short = DisplayWidth.clip(VisibleText.line(line), to: room)
        terminal.drawProgress("\r\u{1B}[K" + short)
    }

    /// Removes the bar, so that results stand on clean lines.
    package func finish() {
        if terminal.progressIsScreen { terminal.drawProgress("\r\u{1B}[K") }
    }

    /// The line itself: bar, share, count, rate and time left.
    package static func line(
        _ label: String, _ count: Int, unit: String, share: Double?, seconds: Double
    ) -> String {
        let rate = seconds > 0 ? Double(count) / seconds : 0
        var parts = [label]
        if let share {
            let bar = Format.bar(share, width: 24).padded(to: 24)
            parts.append("▕\(bar)▏ \(Format.percent(share, 0))")
        }
        parts.append("\(Format.count(count)) \(unit)")
        parts.append("\(Format.decimal(rate, 0))/s")
        if let share, share > 0.001, seconds > 0.5 {
            parts.append("\(Format.duration(seconds / share * (1 - share))) left")
        }
        return parts.joined(separator: "  ")
    }
}
