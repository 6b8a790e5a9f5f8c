import Glibc
import PlainText
import Runtime
import System

/// The whole of `limn-supervisor`.
package enum SupervisorProgram {
    private static let program = "limn-supervisor"

    package static func main() -> Never {
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs until told to stop and returns the exit code. Blocks the calling thread.
    package static func run(_ arguments: [String]) -> Int32 {
        Signals.ignoreBrokenPipes()
        do throws(StartFailure) {
            let arguments = try SupervisorArguments.parse(arguments)
            if arguments.wantsHelp {
                StandardOutput.write(SupervisorArguments.help)
                return StandardOutput.ended(program, with: 0, failure: StandardOutput.failure)
            }
            return try arguments.checksOnly ? check(arguments) : live(arguments)
        } catch {
            StandardError.report(program, error)
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
        try KeyFiles.check(folder)
        try Authorisation.load(folder).requireInternal(Keys.load(folder, as: .role).own)
        StandardOutput.write("\(VisibleText.line(folder.configurationFile)): fine\n")
        return StandardOutput.ended(program, with: 0, failure: StandardOutput.failure)
    }

    private static func live(_ arguments: SupervisorArguments) throws(StartFailure) -> Int32 {
        let notify = ServiceManager.takeFromEnvironment()
        let signals: Int32
        do throws(SystemError) {
            signals = try Signals.stopDescriptor()
        } catch {
            throw StartFailure(.temporary, "cannot watch signals: \(error)")
        }
        let folder = try DataFolder(arguments.folder)
        Environment.makeNewFilesPrivate()
        try folder.requireInitialised()
        let lock = try SupervisorLock.take(folder)
        try KeyFiles.check(folder)
        try RunPlace.note(folder)
        let open = try folder.narrow()
        let (text, configuration) = try Configuration.loadWithText(folder.configurationFile)
        try RuleCheck.check(configuration, file: folder.configurationFile)
        try Accepted.write(text, folder.acceptedConfigurationFile)
        let keys = try Authorisation.read(folder.authorisedFile)
        try keys.table.requireInternal(Keys.load(folder, as: .role).own)
        try Accepted.write(keys.text, folder.acceptedKeysFile)
        let programs = try ProgramFolder.find()
        let code = try supervise(
            folder, configuration, programs, arguments.isVerbose, signals: signals,
            notify: notify, open: open)
        _ = consume lock
        return code
    }

    private static func supervise(
        _ folder: DataFolder, _ configuration: Configuration, _ programs: String,
        _ isVerbose: Bool, signals: Int32, notify: ServiceManager, open: [String]
    ) throws(StartFailure) -> Int32 {
        Environment.tuneAllocator()
        let leftovers = ChildTable.killLeftovers(folder, timeout: .seconds(2))
        let environment = try RoleEnvironment.make(
            name: "supervisor", folder: folder, configuration: configuration)
        if !open.isEmpty {
            environment.log.warning(
                "others could reach files of the data folder; they no longer can",
                ["count": "\(open.count)", "such_as": open.prefix(8).joined(separator: ", ")])
        }
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
