import Messages

extension Header: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.version = 1000
        value.kind = .status
        value.requestID = 3000
        value.timeoutMs = 4000
        value.traceID = Array(5..<21)
        return value
    }
}

extension ErrorReply: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.code = .shuttingDown
        value.message = "message"
        value.retryAfterMs = 3000
        value.partition = 4000
        value.firstOffset = 5000
        return value
    }
}

extension NamedValue: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.name = "name"
        value.value = 2.5
        return value
    }
}

extension Property: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.key = "key"
        value.value = "value"
        return value
    }
}
