import Runtime
package import System

/// The programs under test: those of the same build as the tests.
package enum Programs {
    package static let folder = Files.parent(of: Environment.executablePath() ?? "/")

    package static var areBuilt: Bool {
        let names = ["limn", "limn-supervisor"] + RoleKind.allCases.map(\.executable)
        return names.allSatisfy { Files.exists("\(folder)/\($0)") }
    }

    /// What a program said and how it ended.
    package struct Outcome {
        package let status: ExitStatus?
        package let output: String
    }

    /// Runs a program of ours, or any by its path, to its end; the status is nil if it had to be
    /// killed.
    package static func run(
        _ name: String, _ arguments: [String], timeout: Duration = .seconds(20),
        environment: [String] = []
    ) throws -> Outcome {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-run")
        defer { try? Files.removeTree(parent) }
        let child = try start(
            name, arguments, output: "\(parent)/output", environment: environment)
        let status = child.wait(timeout: timeout)
        if status == nil {
            child.signalGroup(Signals.kill)
            _ = child.wait(timeout: .seconds(5))
        }
        return Outcome(status: status, output: try Files.readText("\(parent)/output"))
    }

    /// Starts a program in a process group of its own; `environment` has
    /// more variables as `NAME=value`.
    package static func start(
        _ name: String, _ arguments: [String], output: String, environment: [String] = []
    ) throws -> ChildProcess {
        let file = try Descriptor.appending(output)
        let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
        var request = SpawnRequest(path: path, arguments: arguments)
        if !environment.isEmpty {
            // env(1) becomes the program, so the pid is the program's.
            request = SpawnRequest(
                path: "/usr/bin/env", arguments: environment + [path] + arguments)
        }
        request.output = file.raw
        request.errors = file.raw
        return try ChildProcess.spawn(request)
    }
}
