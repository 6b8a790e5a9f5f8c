import Runtime
import System

/// The programs under test: those of the same build as the tests.
enum Programs {
    static let folder = Files.parent(of: Environment.executablePath() ?? "/")

    static var areBuilt: Bool {
        let names = ["limn", "limn-supervisor"] + RoleKind.allCases.map(\.executable)
        return names.allSatisfy { Files.exists("\(folder)/\($0)") }
    }

    /// What a program said and how it ended.
    struct Outcome {
        let status: ExitStatus?
        let output: String
    }

    /// Runs a program to its end; the status is nil if it had to be killed.
    static func run(
        _ name: String, _ arguments: [String], timeout: Duration = .seconds(20)
    ) throws -> Outcome {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-run")
        defer { try? Files.removeTree(parent) }
        let child = try start(name, arguments, output: "\(parent)/output")
        let status = child.wait(timeout: timeout)
        if status == nil {
            child.signalGroup(Signals.kill)
            _ = child.wait(timeout: .seconds(5))
        }
        return Outcome(status: status, output: try Files.readText("\(parent)/output"))
    }

    /// Starts a program in a process group of its own.
    static func start(
        _ name: String, _ arguments: [String], output: String
    ) throws -> ChildProcess {
        let file = try Descriptor.appending(output)
        var request = SpawnRequest(path: "\(folder)/\(name)", arguments: arguments)
        request.output = file.raw
        request.errors = file.raw
        return try ChildProcess.spawn(request)
    }
}
