import Foundation
import System

extension Configuration {
    /// Reads and checks a configuration file.
    package static func load(_ file: String) throws(StartFailure) -> Configuration {
        try loadWithText(file).configuration
    }

    /// The same with the text itself.
    package static func loadWithText(
        _ file: String
    ) throws(StartFailure) -> (text: String, configuration: Configuration) {
        let text: String
        do throws(SystemError) {
            text = try Files.readText(file, bytesMax: 1 << 20)
        } catch {
            throw StartFailure(
                .configuration, "cannot read the configuration: \(error)",
                hint: "`limn init --folder DIR` makes a folder with a documented configuration")
        }
        do throws(ConfigurationFailure) {
            return (text, try parse(text, file: file))
        } catch {
            throw StartFailure(
                .configuration, error.description,
                hint: "Deploy/limn.json5 documents every key with its default")
        }
    }

    /// Checks a JSON5 text; keys that are absent keep their defaults.
    package static func parse(
        _ text: String, file: String
    ) throws(ConfigurationFailure) -> Configuration {
        try parseNotingMissing(text, file: file).configuration
    }

    /// The same, with the paths of the keys that the text does not set.
    static func parseNotingMissing(
        _ text: String, file: String
    ) throws(ConfigurationFailure) -> (configuration: Configuration, missing: [String]) {
        let lines = KeyLines(text)
        guard case .object(let values) = try decode(text, file: file) else {
            throw failure(file, 1, "the configuration must be an object { … }")
        }
        var root = Section(path: [], values: values, lines: lines)
        var configuration = Configuration()
        configuration.read(&root)
        root.refuseUnknown()
        var issues = root.issues
        issues += configuration.contradictions(lines)
        issues += lines.doubles.map { path, line in
            ConfigurationIssue(
                line: line, path: path.joined(separator: "."), message: "this key is set twice")
        }
        guard issues.isEmpty else {
            throw ConfigurationFailure(
                file: file, issues: issues.sorted { ($0.line, $0.path) < ($1.line, $1.path) })
        }
        return (configuration, root.missing)
    }

    /// Values that are fine alone but not together.
    private func contradictions(_ lines: KeyLines) -> [ConfigurationIssue] {
        var issues: [ConfigurationIssue] = []
        func refuse(_ path: [String], _ message: String) {
            issues.append(
                ConfigurationIssue(
                    line: lines.line(of: path), path: path.joined(separator: "."),
                    message: message))
        }
        if supervisor.backoffFirst > supervisor.backoffMax {
            refuse(["supervisor", "backoffFirst"], "must not be longer than supervisor.backoffMax")
        }
        if risk.review > risk.block {
            refuse(["risk", "review"], "must not be above risk.block")
        }
        if features.workersMax > 0 && features.workersMax < features.workers {
            refuse(["features", "workersMax"], "must be 0 or at least features.workers")
        }
        if scoring.processesMax > 0 && scoring.processesMax < scoring.processes {
            refuse(["scoring", "processesMax"], "must be 0 or at least scoring.processes")
        }
        if let endpoint = TCPEndpoint(scoring.listen) {
            let most = max(scoring.processes, scoring.processesMax)
            if endpoint.advanced(by: most - 1) == nil {
                refuse(["scoring", "listen"], "scoring.processes need ports beyond 65535")
            }
            let ports = endpoint.port..<endpoint.port + most
            if let other = TCPEndpoint(ingest.listen), ports.contains(other.port) {
                refuse(["scoring", "listen"], "port \(other.port) is ingest.listen's already")
            }
        }
        return issues
    }

    private static func decode(
        _ text: String, file: String
    ) throws(ConfigurationFailure) -> ConfigurationTree {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        do {
            return try decoder.decode(ConfigurationTree.self, from: Data(text.utf8))
        } catch DecodingError.dataCorrupted(let context) {
            let found = SyntaxFinder.firstMistake(in: text)
            throw failure(
                file, found?.line ?? 1, "not JSON5: \(found?.message ?? context.debugDescription)")
        } catch {
            throw failure(file, 1, "not JSON5: \(error)")
        }
    }

    private static func failure(
        _ file: String, _ line: Int, _ message: String
    ) -> ConfigurationFailure {
        ConfigurationFailure(
            file: file, issues: [ConfigurationIssue(line: line, path: "", message: message)])
    }
}
