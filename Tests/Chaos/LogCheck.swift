import Runtime
import System
import TestSupport

/// I9: what the logs say, and what lies about afterwards.
enum LogCheck {
    /// Errors that killing, freezing and restarting explain.
    private static let expected = [
        "silent for", "not ready after", "failed too often", "ended with", "cannot be started",
        "cannot reach", "not readable", "no longer", "not writable", "crash", "stuck",
        "the process before died",
    ]
    /// What the system says when writes fail; a cause that no fault injects does not occur.
    private static let causes = [
        "disk is full", "diskFull", "disk of the states is full", "No space left", "nearly full",
        "File too large",
        "disk I/O error",
    ]
    private static let traps = ["Fatal error", "Assertion", "assertion", "stack dump", "Crash:"]

    /// In the dump of a crash, whose first line says what it was.
    private static func isRegister(_ line: Substring) -> Bool {
        line.prefix { $0 != " " }.count <= 3 && line.contains(" 0x")
    }

    static func check(_ world: World, _ verdict: inout Verdict) {
        var errors: [String: Int] = [:]
        for (name, text) in logs(world) {
            for line in text.split(separator: "\n") {
                if traps.contains(where: { line.contains($0) }),
                    !world.excusedErrors.contains(where: { line.contains($0) }), !isRegister(line)
                {
                    verdict.violated("I9", "\(name): \(line)")
                }
                guard line.contains(" error ") || line.contains("\"level\":\"error\"") else {
                    continue
                }
                let reasons = expected + causes + world.excusedErrors
                if reasons.contains(where: { line.contains($0) }) || isCut(line) { continue }
                errors["\(name): \(line.drop { $0 != " " }.prefix(160))", default: 0] += 1
            }
        }
        for (line, count) in errors.sorted(by: { $0.key < $1.key }) {
            verdict.violated("I9", "\(count) × \(line)")
        }
        checkSecrets(world, &verdict)
        verdict.note("I9", "no error in the logs that no fault explains, no key bytes")
    }

    /// A line that a full disk cut short, with the next one behind it: what it said is lost.
    private static func isCut(_ line: Substring) -> Bool {
        let levels = ["Z info ", "Z warning ", "Z error ", "Z debug "]
        return levels.reduce(0) { $0 + line.ranges(of: $1).count } > 1
    }

    private static func logs(_ world: World) -> [(String, String)] {
        let folder = world.cluster.folder.logsFolder
        let files = ((try? Files.list(folder)) ?? []).map { ($0, "\(folder)/\($0)") }
        return (files + [("supervisor", world.cluster.output)]).compactMap { name, path in
            (try? Files.readText(path)).map { (name, $0) }
        }
    }

    private static func checkSecrets(_ world: World, _ verdict: inout Verdict) {
        let folder = world.cluster.folder.keysFolder
        let names = ((try? Files.list(folder)) ?? []).filter { $0.hasSuffix(".key") }
        for name in names {
            let lines = (try? Files.readText("\(folder)/\(name)").split(separator: "\n")) ?? []
            guard lines.count > 2 else { continue }
            for (log, text) in logs(world) where text.contains(lines[2]) {
                verdict.violated("I8", "the secret of \(name) is in \(log)")
            }
        }
    }

    /// Files of a replacement that was never finished.
    static func temporaryFiles(_ folder: String) -> [String] {
        let names = (try? Files.list(folder)) ?? []
        return names.flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if Files.isFolder(path) { return temporaryFiles(path) }
            return name.hasSuffix(".tmp") ? [path] : []
        }
    }
}
