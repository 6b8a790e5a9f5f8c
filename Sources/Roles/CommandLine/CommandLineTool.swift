import Foundation
import System

/// The `limn` tool.
package enum CommandLineTool {
    /// Every command, in the order of help.
    package static let commands: [Command] = [
        initCommand, statusCommand, topCommand, reloadCommand, stopCommand, importCommand,
        sendCommand, simulateCommand,
        waitCommand, qualityCommand, usersCommand, featuresCommand, profileCommand, tagsCommand,
        evalCommand,
        audienceCommand, segmentsCommand, riskCommand, linkCommand, identityCommand,
        recommendCommand,
        similarCommand, scoreCommand,
        predictCommand,
        trainCommand, modelsCommand, evaluateCommand, rejectsCommand, verifyCommand,
        backupCommand, restoreCommand, replayCommand, retentionCommand, scaleCommand,
        restartCommand, benchCommand,
        helpCommand, completionCommand, versionCommand,
    ]

    /// Runs as a process.
    package static func main() -> Never {
        // A reader that leaves is an error of the write, so that what is under way is cleaned up.
        Signals.ignoreBrokenPipes()
        let words = Array(CommandLine.arguments.dropFirst())
        exit(run(words, terminal: .standard(), openCluster: RuntimeCluster.init(folder:)))
    }

    /// Runs one command line; the exit code is the answer to the shell.
    package static func run(
        _ words: [String], terminal: Terminal,
        openCluster: @escaping @Sendable (String) throws(CommandFailure) -> any Cluster
    ) -> Int32 {
        let code = perform(words, terminal: terminal, openCluster: openCluster)
        return StandardOutput.ended("limn", with: code, failure: terminal.failure())
    }

    private static func perform(
        _ words: [String], terminal: Terminal,
        openCluster: @escaping @Sendable (String) throws(CommandFailure) -> any Cluster
    ) -> Int32 {
        var words = words
        if words.isEmpty || words.first == "--help" || words.first == "-h" { words = ["help"] }
        if words.first == "--version" { words = ["version"] }
        do {
            var (command, invocation) = try ArgumentParser(commands).parse(
                words, terminal: terminal)
            if invocation.has("help") {
                show(command, invocation)
                return ExitCode.success.rawValue
            }
            invocation.openCluster = openCluster
            return try command.run(invocation).rawValue
        } catch {
            let failure = CommandFailure(of: error)
            report(failure, terminal, asJSON: words.contains("--json"))
            return failure.exit.rawValue
        }
    }

    private static func report(_ failure: CommandFailure, _ terminal: Terminal, asJSON: Bool) {
        if asJSON {
            terminal.print(
                .object([
                    ("error", .string(failure.message)), ("hint", .string(failure.hint)),
                    ("exit", .integer(Int64(failure.exit.rawValue))),
                ]))
        }
        terminal.writeError(terminal.style.red("limn: ") + failure.message + "\n")
        if !failure.hint.isEmpty { terminal.writeError("  → \(failure.hint)\n") }
    }
}

extension Invocation {
    /// The data folder: --folder, $LIMN_FOLDER, or ./limn-data.
    var folder: String {
        text("folder") ?? terminal.environment["LIMN_FOLDER"] ?? "./limn-data"
    }

    /// Opens the cluster of the data folder.
    func cluster() throws(CommandFailure) -> any Cluster { try openCluster(folder) }
}
