/// What the body of a frame is.
package struct Kind: WireEnum {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let unknown = Self(rawValue: 0)
    package static let error = Self(rawValue: 1)
    package static let eventBatch = Self(rawValue: 10)
    package static let batchResult = Self(rawValue: 11)
    package static let rejectsRequest = Self(rawValue: 12)
    package static let rejects = Self(rawValue: 13)
    package static let fetch = Self(rawValue: 20)
    package static let fetched = Self(rawValue: 21)
    package static let retentionRequest = Self(rawValue: 24)
    package static let retention = Self(rawValue: 25)
    package static let profileRequest = Self(rawValue: 30)
    package static let profile = Self(rawValue: 31)
    package static let recommendRequest = Self(rawValue: 32)
    package static let recommendations = Self(rawValue: 33)
    package static let similarRequest = Self(rawValue: 34)
    package static let similarItems = Self(rawValue: 35)
    package static let scoreRequest = Self(rawValue: 36)
    package static let scores = Self(rawValue: 37)
    package static let predictRequest = Self(rawValue: 38)
    package static let predictions = Self(rawValue: 39)
    package static let stateRequest = Self(rawValue: 40)
    package static let states = Self(rawValue: 41)
    package static let profilesChanged = Self(rawValue: 42)
    package static let trainRequest = Self(rawValue: 50)
    package static let modelsRequest = Self(rawValue: 51)
    /// Answers both, and is published as announcement and beacon.
    package static let models = Self(rawValue: 52)
    package static let audiencesChanged = Self(rawValue: 54)
    package static let audienceRequest = Self(rawValue: 55)
    package static let audienceMembers = Self(rawValue: 56)
    package static let hello = Self(rawValue: 60)
    package static let welcome = Self(rawValue: 61)
    package static let ready = Self(rawValue: 62)
    package static let alive = Self(rawValue: 63)
    package static let stop = Self(rawValue: 64)
    package static let stopping = Self(rawValue: 65)
    package static let statusRequest = Self(rawValue: 66)
    package static let status = Self(rawValue: 67)
    package static let assignment = Self(rawValue: 68)
    package static let holding = Self(rawValue: 69)
    package static let scaleRequest = Self(rawValue: 70)
    package static let restartRequest = Self(rawValue: 71)
    package static let reloadRequest = Self(rawValue: 72)

    /// Every value of the schema, in number order, with its name.
    package static let named: [(value: Self, name: String)] = [
        (.unknown, "unknown"),
        (.error, "error"),
        (.eventBatch, "event_batch"),
        (.batchResult, "batch_result"),
        (.rejectsRequest, "rejects_request"),
        (.rejects, "rejects"),
        (.fetch, "fetch"),
        (.fetched, "fetched"),
        (.retentionRequest, "retention_request"),
        (.retention, "retention"),
        (.profileRequest, "profile_request"),
        (.profile, "profile"),
        (.recommendRequest, "recommend_request"),
        (.recommendations, "recommendations"),
        (.similarRequest, "similar_request"),
        (.similarItems, "similar_items"),
        (.scoreRequest, "score_request"),
        (.scores, "scores"),
        (.predictRequest, "predict_request"),
        (.predictions, "predictions"),
        (.stateRequest, "state_request"),
        (.states, "states"),
        (.profilesChanged, "profiles_changed"),
        (.trainRequest, "train_request"),
        (.modelsRequest, "models_request"),
        (.models, "models"),
        (.audiencesChanged, "audiences_changed"),
        (.audienceRequest, "audience_request"),
        (.audienceMembers, "audience_members"),
        (.hello, "hello"),
        (.welcome, "welcome"),
        (.ready, "ready"),
        (.alive, "alive"),
        (.stop, "stop"),
        (.stopping, "stopping"),
        (.statusRequest, "status_request"),
        (.status, "status"),
        (.assignment, "assignment"),
        (.holding, "holding"),
        (.scaleRequest, "scale_request"),
        (.restartRequest, "restart_request"),
        (.reloadRequest, "reload_request"),
    ]
}
