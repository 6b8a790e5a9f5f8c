import System

/// Where the sockets of a running cluster really are, noted in its data folder by the supervisor:
/// three lines, the run folder, the pid and the start of the process. A note whose process is gone
/// is stale and counts for nothing.
package enum RunPlace {
    private static let bytesMax = 4096

    static func file(_ folder: String) -> String { "\(folder)/supervisor.place" }

    /// Notes that this process runs the cluster; the folder must be locked.
    package static func note(_ folder: DataFolder) throws(StartFailure) {
        let pid = ProcessFacts.currentPid()
        let ticks = ProcessFacts.startTicks(pid: pid) ?? 0
        do throws(SystemError) {
            try Files.writeAtomically(
                folder.runPlaceFile, Array("\(folder.runFolder)\n\(pid)\n\(ticks)\n".utf8))
        } catch {
            throw folder.notUsable(error)
        }
    }

    /// The run folder that a living supervisor has noted; nil where none lives.
    static func inUse(_ folder: String) -> String? { read(folder)?.runFolder }

    /// The process of the living supervisor; nil where none lives.
    static func holder(_ folder: String) -> Int32? { read(folder)?.pid }

    private static func read(_ folder: String) -> (runFolder: String, pid: Int32)? {
        // What cannot be read is as good as none: the folder is then looked for as at a start.
        guard let text = try? Files.readText(file(folder), bytesMax: bytesMax) else { return nil }
        let lines = text.split(separator: "\n")
        guard lines.count == 3, lines[0].hasPrefix("/"), let pid = Int32(lines[1]), pid > 0,
            let ticks = UInt64(lines[2]), ticks > 0, ProcessFacts.startTicks(pid: pid) == ticks
        else { return nil }
        return (String(lines[0]), pid)
    }
}
