package import Messages
package import Runtime
import System
import ZeroMQ

/// Asks the supervisor, over one connection; belongs to one thread.
package final class ClusterProbe {
    private let client: RequestClient

    package init(_ folder: DataFolder) throws {
        let endpoints = Endpoints(folder: folder, configuration: Configuration())
        client = try RequestClient(
            endpoint: endpoints.control, keys: Keys.load(folder, as: .operator),
            role: .controlClient)
    }

    package func status() -> Status? {
        try? client.ask(
            .statusRequest, StatusRequest(), as: Status.self, timeout: .milliseconds(500))
    }

    package func role(_ kind: RoleKind) throws -> RoleStatus {
        guard let role = status()?.roles.first(where: { $0.role == kind.rawValue }) else {
            throw WaitedInVain(what: "the status of \(kind)")
        }
        return role
    }
}
