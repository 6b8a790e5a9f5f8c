/// The four roles, in the order in which they start.
package enum RoleKind: String, Sendable, CaseIterable {
    case ingest
    case features
    case trainer
    case scoring

    /// The program's name, such as `limn-ingest`.
    package var executable: String { "limn-\(rawValue)" }
}
