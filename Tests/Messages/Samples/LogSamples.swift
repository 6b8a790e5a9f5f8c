import Messages

extension Position: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.partition = 1000
        value.offset = 2000
        return value
    }
}

extension Fetch: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.stream = .outbox
        value.positions = [.sample, .sample]
        value.creditBytes = 3000
        value.waitMs = 4000
        value.committed = [.sample, .sample]
        return value
    }
}

extension Block: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.partition = 1000
        value.firstOffset = 2000
        value.count = 3000
        value.records = Array(4..<20)
        return value
    }
}

extension Fetched: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.stream = .outbox
        value.blocks = [.sample, .sample]
        value.ends = [.sample, .sample]
        value.traces = [.sample, .sample]
        return value
    }
}

extension OutboxEntry: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.content = .interaction(.sample)
        return value
    }
}

extension Interaction: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.itemID = "item_id"
        value.type = 3000
        value.timeMs = 4000
        value.value = 5.5
        value.category = "category"
        value.userNumber = 7000
        value.itemNumber = 8000
        value.laterMs = 9000
        return value
    }
}

extension Example: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.userID = "user_id"
        value.timeMs = 2000
        value.values = [4.5, 5.5]
        value.kinds = [0x78]
        value.whole = [7]
        value.count = 6000
        return value
    }
}

extension RetentionRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.now = true
        return value
    }
}

extension Retention: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.state = "state"
        value.records = 2000
        value.removedRecords = 3000
        value.fileBytes = 4000
        value.freeBytes = 5000
        value.oldestMs = 6000
        value.newestMs = 7000
        value.passes = 8000
        value.lastPassMs = 9000
        value.problem = "problem"
        return value
    }
}
