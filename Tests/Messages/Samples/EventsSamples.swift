import Messages

extension Event: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.eventID = "event_id"
        value.userID = "user_id"
        value.type = .hide
        value.timeMs = 4000
        value.itemID = "item_id"
        value.category = "category"
        value.brand = "brand"
        value.price = 8.5
        value.quantity = 9000
        value.value = 10.5
        value.sessionID = "session_id"
        value.text = "text"
        value.recommendationID = "recommendation_id"
        value.channel = "channel"
        value.device = "device"
        value.region = "region"
        value.currency = "currency"
        value.discount = 18.5
        value.properties = [.sample, .sample]
        return value
    }
}

extension Item: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.itemID = "item_id"
        value.title = "title"
        value.category = "category"
        value.brand = "brand"
        value.price = 5.5
        value.unavailable = true
        value.timeMs = 7000
        value.keywords = ["keywords 1", "keywords 2"]
        value.image = "image"
        value.properties = [.sample, .sample]
        return value
    }
}

extension User: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.gender = "gender"
        value.age = 3000
        value.occupation = "occupation"
        value.education = "education"
        value.income = "income"
        value.region = "region"
        value.timeMs = 8000
        value.interests = ["interests 1", "interests 2"]
        value.properties = [.sample, .sample]
        return value
    }
}

extension Link: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.otherID = "other_id"
        value.undo = true
        value.timeMs = 4000
        value.source = "source"
        return value
    }
}

extension Record: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.content = .event(.sample)
        value.stamp = .sample
        return value
    }
}

extension Stamp: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.receivedMs = 1000
        value.category = "category"
        value.brand = "brand"
        value.price = 4.5
        return value
    }
}

extension EventBatch: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.producer = "producer"
        value.epoch = 2000
        value.sequence = 3000
        value.source = "source"
        value.records = [.sample, .sample]
        return value
    }
}

extension Reject: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.index = 1000
        value.code = .shuttingDown
        value.message = "message"
        return value
    }
}

extension BatchResult: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.sequence = 1000
        value.accepted = 2000
        value.duplicates = 3000
        value.rejected = 4000
        value.already = true
        value.rejects = [.sample, .sample]
        return value
    }
}
