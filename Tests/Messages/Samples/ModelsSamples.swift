import Messages

extension TrainRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.names = ["names 1", "names 2"]
        return value
    }
}

extension ModelsRequest: SampleMessage {
    static var sample: Self {
        Self()
    }
}

extension Model: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.name = "name"
        value.version = 2000
        value.parent = 3000
        value.createdMs = 4000
        value.dataFromMs = 5000
        value.dataToMs = 6000
        value.rows = 7000
        value.metrics = [.sample, .sample]
        value.file = "file"
        value.bytes = 10000
        value.sha256 = "sha256"
        value.trainingMs = 12000
        value.note = "note"
        return value
    }
}

extension Models: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.incarnation = 1000
        value.sequence = 2000
        value.models = [.sample, .sample]
        return value
    }
}
