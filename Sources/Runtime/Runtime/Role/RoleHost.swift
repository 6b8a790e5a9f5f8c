import System
import ZeroMQ

/// A role inside this process, without a supervisor: for tests and tools.
package final class RoleHost<R: Role>: Sendable {
    package let role: R
    package let endpoints: [String]
    package let environment: RoleEnvironment

    private init(role: R, endpoints: [String], environment: RoleEnvironment) {
        self.role = role
        self.endpoints = endpoints
        self.environment = environment
    }

    /// Starts the role and returns when it is ready.
    package static func start(
        _ type: R.Type, folder: DataFolder, index: Int = 0,
        configuration: Configuration = Configuration()
    ) async throws -> RoleHost<R> {
        let environment = try RoleEnvironment.make(
            R.kind, index: index, folder: folder, configuration: configuration)
        do {
            let role = try R(environment: environment)
            let endpoints = try await role.start()
            return RoleHost(role: role, endpoints: endpoints, environment: environment)
        } catch {
            environment.end()
            throw error
        }
    }

    /// Stops the role, then its loop.
    package func stop() async {
        await role.stop()
        environment.end()
    }
}
