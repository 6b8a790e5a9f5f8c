import Foundation
import Messages

/// One message of the schema without its type.
struct AnyMessage {
    let name: String
    let kind: Kind?
    /// Decodes and encodes again.
    let recode: ([UInt8]) throws -> [UInt8]
    /// The golden vector.
    let golden: [UInt8]

    init<M: WireMessage>(_ name: String, _ type: M.Type) throws {
        self.name = name
        kind = M.kind
        recode = { try M(decoding: $0).encoded() }
        golden = try Self.golden(name)
    }

    private static func golden(_ name: String) throws -> [UInt8] {
        let file = folder.appending(path: "\(name).hex")
        let digits = try String(contentsOf: file, encoding: .utf8).filter(\.isHexDigit)
            .compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    private static var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Protocols/golden")
    }

    /// Vectors that have no message here: none may be forgotten.
    static func forgotten(_ messages: [AnyMessage]) throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let names = files.filter { $0.hasSuffix(".hex") && !$0.contains("-") }
            .map { String($0.dropLast(4)) }
        return Set(names).subtracting(messages.map(\.name)).subtracting(["Frame"]).sorted()
    }

    /// Every message of the schema.
    static func all() throws -> [AnyMessage] {
        try control() + events() + answers()
    }

    private static func control() throws -> [AnyMessage] {
        [
            try .init("Hello", Hello.self), try .init("Welcome", Welcome.self),
            try .init("Ready", Ready.self), try .init("Alive", Alive.self),
            try .init("Stop", Stop.self), try .init("Stopping", Stopping.self),
            try .init("StatusRequest", StatusRequest.self),
            try .init("RoleStatus", RoleStatus.self), try .init("Status", Status.self),
            try .init("Assignment", Assignment.self), try .init("Holding", Holding.self),
            try .init("ScaleRequest", ScaleRequest.self),
            try .init("RestartRequest", RestartRequest.self),
            try .init("ReloadRequest", ReloadRequest.self),
            try .init("TraceMark", TraceMark.self), try .init("TracePoint", TracePoint.self),
            try .init("RetentionRequest", RetentionRequest.self),
            try .init("Retention", Retention.self), try .init("Header", Header.self),
            try .init("Error", ErrorReply.self), try .init("NamedValue", NamedValue.self),
        ]
    }

    private static func events() throws -> [AnyMessage] {
        [
            try .init("Event", Event.self), try .init("Item", Item.self),
            try .init("User", User.self), try .init("Link", Link.self),
            try .init("Record", Record.self), try .init("Stamp", Stamp.self),
            try .init("EventBatch", EventBatch.self), try .init("Reject", Reject.self),
            try .init("BatchResult", BatchResult.self),
            try .init("RejectsRequest", RejectsRequest.self),
            try .init("Correction", Correction.self),
            try .init("RejectedRecord", RejectedRecord.self),
            try .init("RejectOutcome", RejectOutcome.self), try .init("Rejects", Rejects.self),
            try .init("Property", Property.self), try .init("Position", Position.self),
            try .init("Fetch", Fetch.self), try .init("Block", Block.self),
            try .init("Fetched", Fetched.self), try .init("OutboxEntry", OutboxEntry.self),
            try .init("Interaction", Interaction.self), try .init("Example", Example.self),
        ]
    }

    private static func answers() throws -> [AnyMessage] {
        [
            try .init("TrainRequest", TrainRequest.self),
            try .init("ModelsRequest", ModelsRequest.self), try .init("Model", Model.self),
            try .init("Models", Models.self), try .init("ProfileRequest", ProfileRequest.self),
            try .init("Affinity", Affinity.self), try .init("RecentEvent", RecentEvent.self),
            try .init("Prediction", Prediction.self),
            try .init("UserRiskReason", UserRiskReason.self),
            try .init("UserRisk", UserRisk.self), try .init("AudienceMove", AudienceMove.self),
            try .init("AudienceCount", AudienceCount.self),
            try .init("AudiencesChanged", AudiencesChanged.self),
            try .init("AudienceRequest", AudienceRequest.self),
            try .init("AudienceMembers", AudienceMembers.self),
            try .init("UserCluster", UserCluster.self),
            try .init("UserSegments", UserSegments.self), try .init("Profile", Profile.self),
            try .init("Identity", Identity.self), try .init("Provenance", Provenance.self),
            try .init("UserTag", UserTag.self), try .init("PredictRequest", PredictRequest.self),
            try .init("Predictions", Predictions.self),
            try .init("StateRequest", StateRequest.self), try .init("State", State.self),
            try .init("StateFailure", StateFailure.self),
            try .init("States", States.self), try .init("ProfilesChanged", ProfilesChanged.self),
            try .init("RecommendRequest", RecommendRequest.self),
            try .init("Reason", Reason.self),
            try .init("RecommendedItem", RecommendedItem.self),
            try .init("Recommendations", Recommendations.self),
            try .init("SimilarRequest", SimilarRequest.self),
            try .init("SimilarItems", SimilarItems.self),
            try .init("ScoreRequest", ScoreRequest.self), try .init("Scores", Scores.self),
        ]
    }
}
