import Messages

extension RecommendRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.count = 2000
        value.category = "category"
        value.exclude = ["exclude 1", "exclude 2"]
        value.recentItems = ["recent_items 1", "recent_items 2"]
        value.includePurchased = true
        value.explain = true
        return value
    }
}

extension Reason: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.source = "source"
        value.weight = 2.5
        value.becauseItem = "because_item"
        return value
    }
}

extension RecommendedItem: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.itemID = "item_id"
        value.score = 2.5
        value.source = "source"
        value.reasons = [.sample, .sample]
        value.title = "title"
        value.category = "category"
        value.price = 7.5
        return value
    }
}

extension Recommendations: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.recommendationID = "recommendation_id"
        value.userID = "user_id"
        value.items = [.sample, .sample]
        value.fallback = true
        value.profileVersion = 5000
        value.profileAgeMs = 6000
        value.models = ["models 1", "models 2"]
        value.filtered = [.sample, .sample]
        return value
    }
}

extension SimilarRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.itemID = "item_id"
        value.count = 2000
        return value
    }
}

extension SimilarItems: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.itemID = "item_id"
        value.items = [.sample, .sample]
        value.model = "model"
        return value
    }
}

extension ScoreRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.itemIDs = ["item_ids 1", "item_ids 2"]
        return value
    }
}

extension Scores: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.items = [.sample, .sample]
        value.model = "model"
        value.profileAgeMs = 4000
        return value
    }
}
