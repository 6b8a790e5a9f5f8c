import Features
import Profiles
import Risk
import Runtime

/// What a question about the risk of all users needs.
struct RiskSetup {
    let source: StateSource
    let rules: FolderRisk
    /// The newest event of all users: where windows end.
    let nowMs: Int64

    init(_ invocation: Invocation) throws {
        source = try StateSource(invocation)
        nowMs = try source.newestMs()
        rules = try FolderRisk(
            try DataFolder(invocation.folder), modelFile: invocation.text("model"))
    }

    /// Lends what is thought of every user.
    func forEach(_ scorer: RiskScorer, _ body: (UserState, RiskAssessment) throws -> Void) throws {
        try source.forEach { state in
            try body(state, scorer.assess(UserView(state, nowMs: nowMs), asOfMs: nowMs))
        }
    }
}
