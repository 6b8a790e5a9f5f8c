import PlainText
import Runtime

/// Draws what `limn top` shows; pure.
package struct TopScreen: Sendable {
    private var accepted: [Double] = []
    private var applied: [Double] = []
    private var answered: [Double] = []
    private var lag: [Double] = []

    /// Seconds of history in the small curves.
    package static let historyMax = 40

    package init() {}

    /// Adds a sample to the curves.
    package mutating func add(_ sample: TopSample) {
        func push(_ value: Double?, _ curve: inout [Double]) {
            guard let value else { return }
            curve.append(value)
            if curve.count > Self.historyMax { curve.removeFirst() }
        }
        push(sample.acceptedRate, &accepted)
        push(sample.appliedRate, &applied)
        push(sample.answeredRate, &answered)
        push(sample.lag, &lag)
    }

    /// The whole screen, `columns` wide, at most `rows` lines.
    package func rendered(
        _ sample: TopSample, columns: Int, rows: Int = 1000, style: Style = .plain
    ) -> String {
        var lines = [headline(sample, style), ""]
        lines += stages(sample, columns: columns).split(separator: "\n").map(String.init)
        lines.append("")
        lines += processes(sample, columns: columns, style)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for process in sample.processes where !process.reason.isEmpty {
            lines.append(style.yellow("\(process.name): ") + VisibleText.line(process.reason))
        }
        return lines.prefix(max(rows, 1)).map { clip($0, columns) }.joined(separator: "\n")
    }

    private func headline(_ sample: TopSample, _ style: Style) -> String {
        let state =
            sample.state == "ready"
            ? style.green(sample.state) : style.yellow(sample.state)
        let up = Format.duration(sample.uptimeSeconds)
        let restarts = sample.restarts == 1 ? "1 restart" : "\(sample.restarts) restarts"
        return style.bold(sample.build) + "  \(state)  up \(up)  \(restarts)"
    }

    private func stages(_ sample: TopSample, columns: Int) -> String {
        var table = Table([
            .init("stage"), .init("now", .right), .init("history"), .init("", .left),
        ])
        func rate(_ value: Double?) -> String {
            value.map { Format.count(Int($0.rounded())) + "/s" } ?? "…"
        }
        func count(_ value: Double) -> String { Format.count(Int(value)) }
        let width = max(8, min(Self.historyMax, columns - 60))
        table.add([
            "accepted", rate(sample.acceptedRate), Self.curve(accepted, width),
            "commit \(Format.decimal(sample.commitMs, 1)) ms, "
                + "rejected \(count(sample.rejected)), refused batches \(count(sample.refused))",
        ])
        table.add(["applied", rate(sample.appliedRate), Self.curve(applied, width), ""])
        table.add(["lag", count(sample.lag), Self.curve(lag, width), ""])
        table.add([
            "answered", rate(sample.answeredRate), Self.curve(answered, width),
            "p50 \(Self.latency(sample.p50Us)), p99 \(Self.latency(sample.p99Us)), "
                + "stale \(count(sample.stale))",
        ])
        return table.rendered(columns: nil)
    }

    private func processes(
        _ sample: TopSample, columns: Int, _ style: Style
    ) -> String {
        var table = Table([
            .init("process"), .init("state"), .init("pid", .right), .init("up", .right),
            .init("starts", .right), .init("cpu", .right), .init("memory", .right),
            .init("files", .right), .init("loop", .right), .init("waiting", .right),
        ])
        for process in sample.processes {
            let cpu = process.cpu.map { Format.percent($0, 0) } ?? "…"
            table.add([
                process.name, process.state, "\(process.pid)",
                Format.duration(process.uptimeSeconds), "\(process.restarts + 1)",
                cpu, Format.bytes(Int(process.rssBytes)),
                Format.count(Int(process.descriptors)),
                Format.decimal(process.loopLagMs, 1) + " ms",
                Format.count(Int(clamping: process.waiting)),
            ])
        }
        return table.rendered(style: style, columns: columns)
    }

    static func latency(_ us: Double) -> String {
        us < 1000 ? "\(Int(us)) µs" : Format.decimal(us / 1000, 1) + " ms"
    }

    /// The newest values as bars of eight heights against the largest of them.
    package static func curve(_ values: [Double], _ width: Int) -> String {
        let bars = Array("▁▂▃▄▅▆▇█")
        let shown = values.suffix(width)
        let most = shown.max() ?? 0
        let missing = String(repeating: " ", count: width - shown.count)
        return missing
            + String(
                shown.map { value in
                    most <= 0 ? bars[0] : bars[min(7, Int((value / most * 7).rounded()))]
                })
    }

    // Escape sequences have no width and must not be cut; coloured lines are short.
    private func clip(_ line: String, _ columns: Int) -> String {
        line.contains("\u{1B}") ? line : DisplayWidth.clip(line, to: max(columns, 20))
    }
}
