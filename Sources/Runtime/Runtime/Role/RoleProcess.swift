import Glibc
import System

/// The life of a role's process: flags, signals, lifeline, supervisor, exit code.
package enum RoleProcess {
    /// The whole of a role's `main.swift`.
    package static func main<R: Role>(_ role: R.Type) -> Never {
        exit(run(role, arguments: Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs until told to stop and returns the exit code. Blocks the calling thread.
    package static func run<R: Role>(_ role: R.Type, arguments: [String]) -> Int32 {
        Signals.ignoreBrokenPipes()
        do throws(StartFailure) {
            let arguments = try RoleArguments.parse(arguments)
            if arguments.wantsHelp {
                StandardOutput.write(RoleArguments.help(R.kind))
                return StandardOutput.ended(
                    R.kind.executable, with: 0, failure: StandardOutput.failure)
            }
            return try live(role, arguments)
        } catch {
            StandardError.report(R.kind.executable, error)
            return error.exit.rawValue
        }
    }

    private static func live<R: Role>(
        _ role: R.Type, _ arguments: RoleArguments
    ) throws(StartFailure) -> Int32 {
        // Before any thread exists: threads inherit the mask.
        let signals: Int32
        do throws(SystemError) {
            signals = try Signals.stopDescriptor()
        } catch {
            throw StartFailure(.temporary, "cannot watch signals: \(error)")
        }
        let lifeline = arguments.isStandalone ? -1 : ChildProcess.lifelineDescriptor
        if lifeline >= 0 && !Descriptor.isOpen(lifeline) {
            throw StartFailure(
                .usage, "\(R.kind.executable) is started by limn-supervisor",
                hint: "add --standalone to run it alone")
        }
        let folder = try DataFolder(arguments.folder)
        Environment.makeNewFilesPrivate()
        try folder.requireInitialised()
        // Under a supervisor that was done once for all.
        if arguments.isStandalone {
            try KeyFiles.check(folder)
            _ = try folder.narrow()
        }
        let configuration = try Configuration.load(
            arguments.configuration.isEmpty
                ? folder.configurationFile : arguments.configuration)
        let accepted = folder.acceptedKeysFile
        let environment = try RoleEnvironment.make(
            R.kind, index: arguments.index, folder: folder, configuration: configuration,
            authorised: lifeline >= 0 && Files.exists(accepted) ? accepted : nil)
        if !Fault.summary.isEmpty {
            environment.log.warning("faults are switched on", ["faults": Fault.summary])
        }
        if Fault.crashAtStart.value == R.kind.rawValue {
            throw StartFailure(.bug, "crashes at its start, as asked by LIMN_FAULT")
        }
        let done = try ExitLatch()
        let shell = RoleShell<R>(
            environment, descriptors: (signals, lifeline), done: done)
        Task { await shell.begin() }
        let code = done.wait(lifeline: lifeline, grace: configuration.supervisor.stopGrace)
        environment.log.flush(all: true)
        environment.log.info("ended", ["exit": "\(code)"])
        return code
    }
}
