import Messages

extension TraceMark: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.traceID = [1, 0, 255]
        value.partition = 2000
        value.end = 3000
        return value
    }
}

extension TracePoint: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.traceID = [1, 0, 255]
        value.stage = "stage"
        value.wallUs = 3000
        value.role = "role"
        return value
    }
}
