import Messages

extension RejectsRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.action = .drop
        value.ids = [2001, 2002]
        value.after = 3000
        value.limit = 4000
        value.code = .overloaded
        value.producer = "producer"
        value.sinceMs = 7000
        value.quarantined = true
        value.corrections = [.sample, .sample]
        return value
    }
}

extension Correction: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.id = 1000
        value.record = .sample
        return value
    }
}

extension RejectedRecord: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.id = 1000
        value.producer = "producer"
        value.epoch = 3000
        value.sequence = 4000
        value.index = 5000
        value.code = .textTooLong
        value.message = "message"
        value.receivedMs = 8000
        value.record = Array(9..<20)
        value.retriedMs = 10000
        value.retriedBy = "retried_by"
        value.partition = 12000
        value.offset = 13000
        return value
    }
}

extension RejectOutcome: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.id = 1000
        value.done = true
        value.already = true
        value.code = .badRequest
        value.message = "message"
        return value
    }
}

extension Rejects: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.rejects = [.sample, .sample]
        value.outcomes = [.sample, .sample]
        value.kept = 3000
        value.dropped = 4000
        value.evicted = 5000
        value.retried = 6000
        value.counts = [.sample, .sample]
        return value
    }
}
