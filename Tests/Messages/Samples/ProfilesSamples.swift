import Messages

extension ProfileRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        return value
    }
}

extension Affinity: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.kind = "kind"
        value.name = "name"
        value.share = 3.5
        return value
    }
}

extension RecentEvent: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.type = .hide
        value.timeMs = 2000
        value.itemID = "item_id"
        return value
    }
}

extension Prediction: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.name = "name"
        value.probability = 2.5
        value.horizonHours = 3000
        value.model = "model"
        value.reasons = [.sample, .sample]
        return value
    }
}

extension UserRiskReason: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.source = "source"
        value.name = "name"
        value.text = "text"
        value.weight = 4.5
        return value
    }
}

extension UserRisk: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.score = 1.5
        value.level = "level"
        value.action = "action"
        value.reasons = [.sample, .sample]
        value.model = "model"
        value.asOfMs = 6000
        value.rules = 7.5
        value.anomaly = 8.5
        value.labelled = 9.5
        return value
    }
}

extension UserCluster: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.kind = "kind"
        value.id = 2000
        value.name = "name"
        value.certainty = 4.5
        return value
    }
}

extension UserSegments: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.stage = "stage"
        value.stageSinceMs = 2000
        value.rfm = "rfm"
        value.recency = 4000
        value.frequency = 5000
        value.monetary = 6000
        value.clusters = [.sample, .sample]
        value.model = "model"
        value.asOfMs = 9000
        return value
    }
}

extension Profile: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.known = true
        value.partition = 3000
        value.version = 4000
        value.firstSeenMs = 5000
        value.lastSeenMs = 6000
        value.asOfMs = 7000
        value.attributes = .sample
        value.statistics = [.sample, .sample]
        value.affinities = [.sample, .sample]
        value.recent = [.sample, .sample]
        value.predictions = [.sample, .sample]
        value.ageMs = 13000
        value.tags = ["tags 1", "tags 2"]
        value.segments = .sample
        value.risk = .sample
        value.identities = [.sample, .sample]
        value.provenance = [.sample, .sample]
        value.tagDetails = [.sample, .sample]
        return value
    }
}

extension UserTag: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.name = "name"
        value.kind = "kind"
        value.value = "value"
        value.confidence = 4.5
        value.sinceMs = 5000
        return value
    }
}

extension Identity: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.linkedMs = 2000
        value.source = "source"
        value.links = 4000
        return value
    }
}

extension Provenance: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.part = "part"
        value.source = "source"
        value.maker = "maker"
        value.asOfMs = 4000
        return value
    }
}

extension PredictRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        return value
    }
}

extension Predictions: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.predictions = [.sample, .sample]
        value.profileAgeMs = 3000
        return value
    }
}

extension StateRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userIDs = ["user_ids 1", "user_ids 2"]
        return value
    }
}

extension State: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.found = true
        value.partition = 3000
        value.version = 4000
        value.state = Array(5..<21)
        return value
    }
}

extension StateFailure: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.partition = 2000
        value.code = .notOwner
        return value
    }
}

extension States: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.states = [.sample, .sample]
        value.newestMs = 2000
        value.failures = [.sample, .sample]
        return value
    }
}

extension ProfilesChanged: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.incarnation = 1000
        value.sequence = 2000
        value.partitions = [3001, 3002]
        value.userHashes = [4001, 4002]
        value.keyCheck = 5000
        value.traces = [.sample, .sample]
        return value
    }
}

extension AudienceMove: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.tag = "tag"
        value.userID = "user_id"
        value.joined = true
        return value
    }
}

extension AudienceCount: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.tag = "tag"
        value.users = 2000
        return value
    }
}

extension AudienceRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.tag = "tag"
        value.after = 2000
        value.limit = 3000
        return value
    }
}

extension AudienceMembers: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.tag = "tag"
        value.userIDs = ["user_ids 1", "user_ids 2"]
        value.users = 3000
        value.next = 4000
        value.incarnation = 5000
        value.sequence = 6000
        value.complete = true
        value.asOfMs = 8000
        return value
    }
}

extension AudiencesChanged: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.incarnation = 1000
        value.sequence = 2000
        value.moves = [.sample, .sample]
        value.counts = [.sample, .sample]
        value.complete = true
        value.asOfMs = 6000
        return value
    }
}
