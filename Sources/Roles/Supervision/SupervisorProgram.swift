import Glibc
import Runtime
import System

/// The whole of `limn-supervisor`.
package enum SupervisorProgram {
    package static func main() -> Never {
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs until told to stop and returns the exit code. Blocks the calling thread.
    package static func run(_ arguments: [String]) -> Int32 {
        do throws(StartFailure) {
            let arguments = try SupervisorArguments.parse(arguments)
            if arguments.wantsHelp {
                StandardError.writeOutput(SupervisorArguments.help)
                return 0
            }
            return try arguments.checksOnly ? check(arguments) : live(arguments)
        } catch {
            StandardError.report("limn-supervisor", error)
            return error.exit.rawValue
        }
    }

    private static func check(_ arguments: SupervisorArguments) throws(StartFailure) -> Int32 {
        let folder = try DataFolder(arguments.folder)
        guard folder.isInitialised else {
            try folder.requireInitialised()
            return 0
        }
        let configuration = try Configuration.load(folder.configurationFile)
        try RuleCheck.check(configuration, file: folder.configurationFile)
        _ = try Keys.load(folder, as: .role)
        _ = try Authorisation.load(folder)
        StandardError.writeOutput("\(folder.configurationFile): fine\n")
        return 0
    }

    private static func live(_ arguments: SupervisorArguments) throws(StartFailure) -> Int32 {
        Signals.ignoreBrokenPipes()
        let notify = ServiceManager.takeFromEnvironment()
        let signals: Int32
        do throws(SystemError) {
            signals = try Signals.stopDescriptor()
        } catch {
            throw StartFailure(.temporary, "cannot watch signals: \(error)")
        }
        let folder = try DataFolder(arguments.folder)
        try folder.requireInitialised()
        let lock = try SupervisorLock.take(folder)
        let (text, configuration) = try Configuration.loadWithText(folder.configurationFile)
        try RuleCheck.check(configuration, file: folder.configurationFile)
        try AcceptedConfiguration.write(text, folder)
        let programs = try ProgramFolder.find()
        let code = try supervise(
            folder, configuration, programs, arguments.isVerbose, signals: signals,
            notify: notify)
        _ = consume lock
        return code
    }

    private static func supervise(
        _ folder: DataFolder, _ configuration: Configuration, _ programs: String,
        _ isVerbose: Bool, signals: Int32, notify: ServiceManager
    ) throws(StartFailure) -> Int32 {
        Environment.tuneAllocator()
        let leftovers = ChildTable.killLeftovers(folder, timeout: .seconds(2))
        let environment = try RoleEnvironment.make(
            name: "supervisor", folder: folder, configuration: configuration)
        if !leftovers.isEmpty {
            let names = leftovers.joined(separator: ", ")
            environment.log.warning("killed what an earlier run left", ["processes": names])
        }
        let done = try ExitLatch()
        let supervisor = try Supervisor(
            environment, programs: programs, isVerbose: isVerbose, done: done, notify: notify)
        Task {
            do throws(StartFailure) {
                await supervisor.adoptOrphans()
                try await supervisor.begin(signals: signals)
            } catch {
                environment.log.error(error.message, ["hint": error.hint])
                done.finish(error.exit.rawValue)
            }
        }
        let code = done.wait(lifeline: -1, grace: .zero)
        environment.end()
        ProgramFolder.removeSockets(folder)
        return code
    }
}
