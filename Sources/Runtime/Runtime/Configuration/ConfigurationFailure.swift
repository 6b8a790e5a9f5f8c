/// One thing that is wrong in a configuration.
package struct ConfigurationIssue: Sendable, Equatable {
    package let line: Int
    /// The key, such as `trainer.als.factors`; empty for the text as a whole.
    package let path: String
    package let message: String
}

/// Everything that is wrong in a configuration, in the order of its lines.
package struct ConfigurationFailure: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let issues: [ConfigurationIssue]

    package var description: String {
        issues.map { issue in
            let subject = issue.path.isEmpty ? "" : "\(issue.path): "
            return "\(file):\(issue.line): \(subject)\(issue.message)"
        }.joined(separator: "\n")
    }
}
