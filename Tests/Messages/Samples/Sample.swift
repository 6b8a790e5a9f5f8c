import Messages
import Testing

/// A message with a sample in which every field is set. Texts are the field's name in the schema,
/// integers 1000 × the field's number, so that a swapped field shows.
protocol SampleMessage: WireMessage {
    static var sample: Self { get }
}

/// One message type of the schema without its type, so that tests can run over all of them.
struct Sample: Sendable, CustomTestStringConvertible {
    /// The message's name in the schema.
    let name: String
    /// The kind of the frames that carry it.
    let kind: Kind?
    /// The sample, encoded.
    let bytes: [UInt8]
    /// Decodes and encodes again.
    let recode: @Sendable ([UInt8]) throws -> [UInt8]
    /// Whether decoding gives the sample.
    let isSample: @Sendable ([UInt8]) throws -> Bool

    init<M: SampleMessage>(_ name: String, _ type: M.Type) {
        self.name = name
        kind = M.kind
        bytes = M.sample.encoded()
        recode = { try M(decoding: $0).encoded() }
        isSample = { try M(decoding: $0) == M.sample }
    }

    var testDescription: String { name }

    /// Every message of the schema.
    static let all: [Sample] = [
        .init("Hello", Hello.self),
        .init("Welcome", Welcome.self),
        .init("Ready", Ready.self),
        .init("Alive", Alive.self),
        .init("Stop", Stop.self),
        .init("Stopping", Stopping.self),
        .init("StatusRequest", StatusRequest.self),
        .init("RoleStatus", RoleStatus.self),
        .init("Status", Status.self),
        .init("Assignment", Assignment.self),
        .init("Holding", Holding.self),
        .init("ScaleRequest", ScaleRequest.self),
        .init("RestartRequest", RestartRequest.self),
        .init("ReloadRequest", ReloadRequest.self),
        .init("TraceMark", TraceMark.self),
        .init("TracePoint", TracePoint.self),
        .init("RetentionRequest", RetentionRequest.self),
        .init("Retention", Retention.self),
        .init("Event", Event.self),
        .init("Item", Item.self),
        .init("User", User.self),
        .init("Link", Link.self),
        .init("Record", Record.self),
        .init("Stamp", Stamp.self),
        .init("EventBatch", EventBatch.self),
        .init("Reject", Reject.self),
        .init("BatchResult", BatchResult.self),
        .init("RejectsRequest", RejectsRequest.self),
        .init("Correction", Correction.self),
        .init("RejectedRecord", RejectedRecord.self),
        .init("RejectOutcome", RejectOutcome.self),
        .init("Rejects", Rejects.self),
        .init("Header", Header.self),
        .init("Error", ErrorReply.self),
        .init("NamedValue", NamedValue.self),
        .init("Property", Property.self),
        .init("Position", Position.self),
        .init("Fetch", Fetch.self),
        .init("Block", Block.self),
        .init("Fetched", Fetched.self),
        .init("OutboxEntry", OutboxEntry.self),
        .init("Interaction", Interaction.self),
        .init("Example", Example.self),
        .init("TrainRequest", TrainRequest.self),
        .init("ModelsRequest", ModelsRequest.self),
        .init("Model", Model.self),
        .init("Models", Models.self),
        .init("ProfileRequest", ProfileRequest.self),
        .init("Affinity", Affinity.self),
        .init("RecentEvent", RecentEvent.self),
        .init("Prediction", Prediction.self),
        .init("UserRiskReason", UserRiskReason.self),
        .init("UserRisk", UserRisk.self),
        .init("AudienceMove", AudienceMove.self),
        .init("AudienceCount", AudienceCount.self),
        .init("AudiencesChanged", AudiencesChanged.self),
        .init("AudienceRequest", AudienceRequest.self),
        .init("AudienceMembers", AudienceMembers.self),
        .init("UserCluster", UserCluster.self),
        .init("UserSegments", UserSegments.self),
        .init("Profile", Profile.self),
        .init("Identity", Identity.self),
        .init("Provenance", Provenance.self),
        .init("UserTag", UserTag.self),
        .init("PredictRequest", PredictRequest.self),
        .init("Predictions", Predictions.self),
        .init("StateRequest", StateRequest.self),
        .init("State", State.self),
        .init("StateFailure", StateFailure.self),
        .init("States", States.self),
        .init("ProfilesChanged", ProfilesChanged.self),
        .init("RecommendRequest", RecommendRequest.self),
        .init("Reason", Reason.self),
        .init("RecommendedItem", RecommendedItem.self),
        .init("Recommendations", Recommendations.self),
        .init("SimilarRequest", SimilarRequest.self),
        .init("SimilarItems", SimilarItems.self),
        .init("ScoreRequest", ScoreRequest.self),
        .init("Scores", Scores.self),
    ]
}
