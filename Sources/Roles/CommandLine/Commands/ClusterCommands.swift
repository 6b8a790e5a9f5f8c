import Messages
import PlainText
import Runtime
import Supervision
import System

extension CommandLineTool {
    static let modelsCommand = Command(
        "models", "list the models in use", example: "limn models"
    ) { invocation in
        let models = try invocation.cluster().ask(
            .trainer, ModelsRequest(), as: Models.self, timeoutMs: 5_000)
        return showModels(models, invocation)
    }

    static let trainCommand = Command(
        "train", "train models now", operands: "[NAME...]", count: 0...16,
        options: [Option("timeout", value: "SECONDS", "how long to wait (default 600)")],
        example: "limn train als item_to_item"
    ) { invocation in
        var question = TrainRequest()
        question.names = invocation.operands.map { $0.replacing("-", with: "_") }
        let seconds = try invocation.number("timeout", default: 600, in: 1...86_400)
        let cluster = try invocation.cluster()
        let before = try cluster.ask(
            .trainer, ModelsRequest(), as: Models.self, timeoutMs: 30_000)
        let models = try cluster.ask(
            .trainer, question, as: Models.self, timeoutMs: seconds * 1000)
        waitUntilServed(models, cluster, invocation)
        let code = showModels(models, invocation)
        if !invocation.wantsJSON, let words = unchanged(models, since: before) {
            invocation.terminal.print(words)
        }
        return code
    }

    /// What to say of models that came out as they were; nil where none did.
    private static func unchanged(_ models: Models, since before: Models) -> String? {
        func sums(_ models: Models) -> [String: String] {
            Dictionary(models.models.map { ($0.name, $0.sha256) }) { $1 }
        }
        let earlier = sums(before).filter { !$0.value.isEmpty }
        let versions = Dictionary(before.models.map { ($0.name, $0.version) }) { $1 }
        let made = models.models.filter { $0.version > versions[$0.name] ?? 0 }
        let same = made.filter { earlier[$0.name] == $0.sha256 }.map(\.name)
        guard !same.isEmpty else { return nil }
        return same.count == made.count
            ? "the data is unchanged, and so are the models: they are in use already"
            : "unchanged, and in use already: \(same.sorted().joined(separator: ", "))"
    }

    /// Models are of use once the scoring service answers with them; it loads them in the
    /// background.
    private static func waitUntilServed(
        _ models: Models, _ cluster: any Cluster, _ invocation: Invocation
    ) {
        let deadline = Clock.monotonic() + .seconds(20)
        while Clock.monotonic() < deadline {
            guard
                let status = try? cluster.ask(
                    .supervisor, StatusRequest(), as: Status.self, timeoutMs: 5_000)
            else { return }
            let behind = status.roles.filter { role in
                role.role == "scoring" && role.state == "ready"
                    && models.models.contains { model in
                        let served = role.counters.first { $0.name == "version.\(model.name)" }
                        return (served?.value ?? 0) < Double(model.version)
                    }
            }
            if behind.isEmpty { return }
            Clock.pause(.milliseconds(200))
        }
        invocation.terminal.writeError(
            "the scoring service does not use all of these models yet; see: limn status\n")
    }

    private static func showModels(_ models: Models, _ invocation: Invocation) -> ExitCode {
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            terminal.print(.array(models.models.map(AnswerJSON.value)))
            return models.models.isEmpty ? .negative : .success
        }
        guard !models.models.isEmpty else {
            terminal.print("no model yet; train them with: limn train")
            return .negative
        }
        var table = Table([
            .init("model"), .init("version", .right), .init("trained"), .init("rows", .right),
            .init("took", .right), .init("size", .right), .init("measured", widthMax: 48),
            .init("note", widthMax: 40),
        ])
        for model in models.models {
            let metrics = model.metrics.map { "\($0.name) \(Format.decimal($0.value, 4))" }
            table.add([
                model.name, "\(model.version)",
                model.createdMs > 0 ? Format.ago(model.createdMs, nowMs: Clock.wallMs()) : "",
                Format.count(Int(clamping: model.rows)),
                Format.duration(Double(model.trainingMs) / 1000),
                Format.bytes(Int(clamping: model.bytes)), metrics.joined(separator: ", "),
                model.note,
            ])
        }
        terminal.print(table.rendered(on: terminal))
        return .success
    }

    static let statusCommand = Command(
        "status", "show whether the cluster is well", example: "limn status"
    ) { invocation in
        let status = try invocation.cluster().ask(
            .supervisor, StatusRequest(), as: Status.self, timeoutMs: 5_000)
        let terminal = invocation.terminal
        if invocation.wantsJSON {
            terminal.print(StatusJSON.text(status))
        } else {
            let style = terminal.style
            let isReady = status.state == "ready"
            let state = isReady ? style.green(status.state) : style.yellow(status.state)
            let uptime = Format.duration(Double(status.uptimeMs) / 1000)
            terminal.print("\(state)  \(status.build), up \(uptime), pid \(status.pid)")
            terminal.print(roleTable(status.roles).rendered(on: terminal))
            for role in status.roles where !role.reason.isEmpty {
                let name = style.yellow("\(role.role) \(role.index): ")
                terminal.print(name + VisibleText.line(role.reason))
            }
            for warning in LogWarning.all(status) { terminal.print(style.red("log: ") + warning) }
            for role in status.roles where !role.refusing.isEmpty {
                terminal.print(
                    style.yellow("\(role.role) \(role.index) refuses everything: ")
                        + role.refusing)
            }
        }
        return status.state == "ready" ? .success : .negative
    }

    private static func roleTable(_ roles: [RoleStatus]) -> Table {
        var table = Table([
            .init("role"), .init("state"), .init("pid", .right), .init("up", .right),
            .init("restarts", .right), .init("lag", .right), .init("counters", widthMax: 60),
            .init("last exit", widthMax: 30),
        ])
        for role in roles {
            let counters = role.counters.prefix(4).map {
                "\($0.name) \(Format.decimal($0.value, 0))"
            }
            table.add([
                "\(role.role) \(role.index)", role.state, "\(role.pid)",
                Format.duration(Double(role.uptimeMs) / 1000), "\(role.restarts)",
                "\(Format.count(Int(role.loopLagUs))) µs", counters.joined(separator: ", "),
                role.lastExit,
            ])
        }
        return table
    }
}
