package import HTTPServer
package import Messages
import PlainText
import Runtime

/// What the supervisor answers over HTTP; pure.
package enum HealthPages {
    package static let paths = ["/metrics", "/healthz", "/readyz", "/status.json"]

    package static func answer(_ request: HTTPRequest, _ status: Status) -> HTTPResponse {
        switch request.path {
        case "/metrics": .text(MetricsPage.text(status), type: MetricsPage.type)
        // That there is an answer says that the loop runs.
        case "/healthz": .text("alive\n")
        case "/readyz": readiness(status)
        case "/status.json":
            .text(StatusJSON.text(status) + "\n", type: "application/json")
        case "/": .text("Limn\n" + paths.map { "\($0)\n" }.joined())
        default: .text("there is only \(paths.joined(separator: ", "))\n", status: 404)
        }
    }

    private static func readiness(_ status: Status) -> HTTPResponse {
        // A role that runs and refuses everything is no more use than one that does not run.
        let refusing = status.roles.filter { !$0.refusing.isEmpty }.map { role in
            "\(role.role)-\(role.index) refuses everything: \(role.refusing)\n"
        }
        if status.state == "ready" && refusing.isEmpty { return .text("ready\n") }
        let missing = status.roles.filter { $0.state != "ready" }.map { role in
            let why = role.reason.isEmpty ? "" : ": \(VisibleText.line(role.reason))"
            return "\(role.role)-\(role.index) is \(role.state)\(why)\n"
        }
        let state = status.state == "ready" ? "refusing" : status.state
        return .text("\(state)\n" + (missing + refusing).joined(), status: 503)
    }
}
