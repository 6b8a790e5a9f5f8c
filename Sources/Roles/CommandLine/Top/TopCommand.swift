import Messages
import System

extension CommandLineTool {
    static let topCommand = Command(
        "top", "watch stages, rates, lag, latencies and processes live",
        options: [
            Option("once", "print one picture and end"),
            Option("every", value: "SECONDS", "time between pictures (default 1)"),
            Option("count", value: "NUMBER", "end after so many pictures"),
        ],
        example: "limn top",
        details: """
            q or Ctrl-C leaves. Into a pipe, pictures follow one another; with --json each is one
            line. Rates are taken between two pictures, so --once takes two, a second apart.
            """
    ) { invocation in
        let every = try invocation.number("every", default: 1, in: 1...3600)
        let isOnce = invocation.has("once")
        let most = try invocation.number("count", default: isOnce ? 1 : .max, in: 1...(.max))
        let isLive = invocation.terminal.isScreen && !invocation.wantsJSON && !isOnce
        let screen = isLive ? LiveScreen.open(invocation.terminal) : nil
        defer { screen?.close() }
        return try watch(invocation, every: every, most: most, screen)
    }

    private static func watch(
        _ invocation: Invocation, every: Int, most: Int, _ screen: LiveScreen?
    ) throws -> ExitCode {
        let cluster = try invocation.cluster()
        var pictures = TopScreen()
        var before: (status: Status, at: Duration)?
        var shown = 0
        while true {
            let status = try ask(cluster, screen, isFirst: before == nil)
            let now = Clock.monotonic()
            let sample = TopSample(
                status ?? Status(), before: before?.status,
                seconds: before.map { (now - $0.at).seconds } ?? 0)
            pictures.add(sample)
            // Without an earlier state there are no rates; a screen shows the first all the same.
            if before != nil || screen != nil {
                show(sample, pictures, invocation, screen, isLost: status == nil)
                shown += 1
            }
            if invocation.terminal.failure() != nil { return .inputOutput }
            if shown >= most { return sample.state == "ready" ? .success : .negative }
            if let status { before = (status, now) }
            guard let screen else {
                Clock.pause(.seconds(every))
                continue
            }
            if screen.wantsToLeave(within: .seconds(every)) { return .success }
        }
    }

    /// A live picture outlasts a supervisor that is being restarted; a pipe ends with an error.
    private static func ask(
        _ cluster: any Cluster, _ screen: LiveScreen?, isFirst: Bool
    ) throws -> Status? {
        let canWait = screen != nil && !isFirst
        do throws(CommandFailure) {
            return try cluster.ask(
                .supervisor, StatusRequest(), as: Status.self, timeoutMs: 3_000)
        } catch {
            if canWait { return nil }
            throw error
        }
    }

    private static func show(
        _ sample: TopSample, _ pictures: TopScreen, _ invocation: Invocation,
        _ screen: LiveScreen?, isLost: Bool
    ) {
        let terminal = invocation.terminal
        if invocation.wantsJSON { return terminal.print(TopJSON.value(sample)) }
        let size = screen?.size ?? (columns: terminal.columns ?? 100, rows: 1000)
        var text =
            isLost
            ? "the supervisor does not answer; still asking …"
            : pictures.rendered(
                sample, columns: size.columns, rows: size.rows - 1, style: terminal.style)
        guard screen != nil else { return terminal.print(text) }
        // Each line is cleared to its end, and the rest of the screen after the last.
        text = Style.shown(text).replacing("\n", with: "\u{1B}[K\r\n")
        terminal.draw("\u{1B}[H" + text + "\u{1B}[K\u{1B}[J")
    }
}
