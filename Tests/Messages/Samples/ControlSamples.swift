import Messages

extension Hello: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.role = "role"
        value.index = 2000
        value.incarnation = 3000
        value.pid = 4000
        value.versionMin = 5000
        value.versionMax = 6000
        value.build = "build"
        return value
    }
}

extension Welcome: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.version = 1000
        value.aliveEveryMs = 2000
        value.logLevel = "log_level"
        return value
    }
}

extension Ready: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.endpoints = ["endpoints 1", "endpoints 2"]
        return value
    }
}

extension Alive: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.progress = 1000
        value.waiting = 2000
        value.loopLagUs = 3000
        value.counters = [.sample, .sample]
        value.traces = [.sample, .sample]
        value.refusing = "refusing"
        return value
    }
}

extension Stop: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.reason = "reason"
        value.graceMs = 2000
        return value
    }
}

extension Stopping: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.reason = "reason"
        return value
    }
}

extension StatusRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.traceID = [1, 0, 255]
        return value
    }
}

extension RoleStatus: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.role = "role"
        value.index = 2000
        value.state = "state"
        value.pid = 4000
        value.restarts = 5000
        value.uptimeMs = 6000
        value.silentMs = 7000
        value.lastExit = "last_exit"
        value.loopLagUs = 9000
        value.counters = [.sample, .sample]
        value.endpoints = ["endpoints 1", "endpoints 2"]
        value.reason = "reason"
        value.progress = 13_000
        value.waiting = 14_000
        value.refusing = "refusing"
        return value
    }
}

extension Status: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.state = "state"
        value.build = "build"
        value.uptimeMs = 3000
        value.pid = 4000
        value.roles = [.sample, .sample]
        value.counters = [.sample, .sample]
        value.notes = ["notes 1", "notes 2"]
        value.traces = [.sample, .sample]
        return value
    }
}

extension Assignment: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.version = 1000
        value.workers = [2001, 2002]
        value.epochs = [3001, 3002]
        value.members = [4001, 4002]
        return value
    }
}

extension Holding: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.version = 1000
        value.partitions = [2001, 2002]
        value.epochs = [3001, 3002]
        value.serving = [4001, 4002]
        value.refused = [5001, 5002]
        value.refusedEpochs = [6001, 6002]
        return value
    }
}

extension ScaleRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.role = "role"
        value.count = 2000
        value.automatic = true
        return value
    }
}

extension ReloadRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.dryRun = true
        return value
    }
}

extension RestartRequest: SampleMessage {
    static var sample: Self {
        var value = Self()
        value.role = "role"
        return value
    }
}
