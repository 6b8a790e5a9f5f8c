// One line per key: its name, where it goes and what it may be. The documented default file is
// checked against these lines by a test.

extension Configuration {
    mutating func read(_ root: inout Section) {
        root.section("ingest") { ingest.read(&$0) }
        root.section("retention") { retention.read(&$0) }
        root.section("features") { features.read(&$0) }
        root.cleaning("cleaning", &cleaning)
        root.tags("tags", &tags)
        root.section("audiences") { audiences.read(&$0) }
        root.section("risk") { risk.read(&$0) }
        root.section("trainer") { trainer.read(&$0) }
        root.section("scoring") { scoring.read(&$0) }
        root.section("scaling") { scaling.read(&$0) }
        root.section("supervisor") { supervisor.read(&$0) }
        root.section("log") { log.read(&$0) }
    }
}

extension Configuration.Ingest {
    mutating func read(_ section: inout Section) {
        section.endpoint("listen", &listen)
        section.whole("groupRecordsMax", &groupRecordsMax, in: 1...100_000)
        section.whole("fetchBytesMax", &fetchBytesMax, in: 65_536...(2 << 20))
        section.whole("tailBytesMax", &tailBytesMax, in: (1 << 20)...(1 << 30))
        section.whole("spoolBytesMax", &spoolBytesMax, in: (1 << 20)...(1 << 40))
        section.whole("diskFreeMin", &diskFreeMin, in: 0...(1 << 40))
        section.duration("dedupeWindow", &dedupeWindow, in: .seconds(60) ... .seconds(2_592_000))
        section.whole("dedupeIdsMax", &dedupeIdsMax, in: 10_000...100_000_000)
        section.whole("producersPerKey", &producersPerKey, in: 1...1_000_000)
        section.whole("rejectsMax", &rejectsMax, in: 100...100_000_000)
        section.whole("rejectsBytesMax", &rejectsBytesMax, in: (1 << 20)...(1 << 40))
        section.whole("identifiersMax", &identifiersMax, in: 2...10_000)
        section.text("identifiersBlocked", &identifiersBlocked, bytes: 0...65_536)
    }
}

extension Configuration.Retention {
    mutating func read(_ section: inout Section) {
        section.duration("logAge", &logAge, in: .zero ... .seconds(100 * 31_536_000))
        section.whole("logBytes", &logBytes, in: 0...(1 << 50))
        section.duration("every", &every, in: .milliseconds(100) ... .seconds(30 * 86_400))
        section.whole("outboxEntries", &outboxEntries, in: 0...1_000_000_000)
        section.duration("producerAge", &producerAge, in: .zero ... .seconds(100 * 31_536_000))
    }
}

extension Configuration.Features {
    mutating func read(_ section: inout Section) {
        section.whole("workers", &workers, in: 1...64)
        section.whole("workersMax", &workersMax, in: 0...64)
        section.whole("hotUsersMax", &hotUsersMax, in: 0...10_000_000)
        section.whole("commitMs", &commitMs, in: 1...60_000)
        section.whole("fetchBytes", &fetchBytes, in: 65_536...(2 << 20))
    }
}

extension Section {
    /// Tags by name, in the order of their lines: a condition, or one with its meaning.
    mutating func tags(_ key: String, _ tags: inout [Configuration.Tag]) {
        var found: [Configuration.Tag] = []
        section(key) { section in
            for name in section.namesByLine {
                var tag = Configuration.Tag(name)
                if case .object = section.values[name] {
                    section.section(name) { nested in
                        nested.text("when", &tag.when, bytes: 1...4096)
                        nested.text("value", &tag.value, bytes: 0...4096)
                        nested.text("meaning", &tag.meaning, bytes: 0...1024)
                        if nested.missing.contains(where: { $0.hasSuffix(".when") }) {
                            nested.refuse("when", "is missing: the condition of the tag")
                        }
                    }
                } else {
                    section.text(name, &tag.when, bytes: 1...4096)
                }
                found.append(tag)
            }
        }
        tags = found
    }
}

extension Configuration.Audiences {
    mutating func read(_ section: inout Section) { section.endpoint("listen", &listen) }
}

extension Configuration.Trainer {
    mutating func read(_ section: inout Section) {
        section.duration("every", &every, in: .zero ... .seconds(31_536_000))
        section.flag("onStart", &onStart)
        section.whole("minInteractions", &minInteractions, in: 1...1_000_000_000)
        section.whole("interactionsMax", &interactionsMax, in: 1000...1_000_000_000)
        section.whole("keepVersions", &keepVersions, in: 2...1000)
        section.whole("itemNeighbours", &itemNeighbours, in: 1...1000)
        section.duration(
            "popularityHalfLife", &popularityHalfLife, in: .zero ... .seconds(315_360_000))
        section.whole("propensityHorizonHours", &propensityHorizonHours, in: 1...8760)
        section.section("weights") { weights.read(&$0) }
        section.section("als") { als.read(&$0) }
        section.section("trees") { trees.read(&$0) }
    }
}

extension Configuration.Weights {
    mutating func read(_ section: inout Section) {
        section.number("view", &view, in: 0...1000)
        section.number("click", &click, in: 0...1000)
        section.number("favourite", &favourite, in: 0...1000)
        section.number("cartAdd", &cartAdd, in: 0...1000)
        section.number("order", &order, in: 0...1000)
        section.number("purchase", &purchase, in: 0...1000)
        section.number("review", &review, in: 0...1000)
        section.number("rating", &rating, in: 0...1000)
        section.number("share", &share, in: 0...1000)
    }
}

extension Configuration.ALS {
    mutating func read(_ section: inout Section) {
        section.whole("factors", &factors, in: 1...1024)
        section.whole("iterations", &iterations, in: 1...200)
        section.number("regularisation", &regularisation, in: 0.000_001...1000)
        section.number("alpha", &alpha, in: 0...10_000)
    }
}

extension Configuration.Trees {
    mutating func read(_ section: inout Section) {
        section.whole("rounds", &rounds, in: 1...10_000)
        section.whole("depth", &depth, in: 1...16)
        section.number("learningRate", &learningRate, in: 0.001...1)
    }
}

extension Configuration.Scoring {
    mutating func read(_ section: inout Section) {
        section.whole("processes", &processes, in: 1...64)
        section.whole("processesMax", &processesMax, in: 0...64)
        section.endpoint("listen", &listen)
        section.whole("profilesMax", &profilesMax, in: 100...10_000_000)
        section.whole("defaultTimeoutMs", &defaultTimeoutMs, in: 1...60_000)
        section.whole("candidatesMax", &candidatesMax, in: 10...100_000)
        section.whole("requestsInFlightMax", &requestsInFlightMax, in: 1...100_000)
        section.section("leaveOut") { leaveOut.read(&$0) }
    }
}

extension Configuration.LeaveOut {
    mutating func read(_ section: inout Section) {
        section.flag("purchased", &purchased)
        section.flag("inCart", &inCart)
        section.flag("hidden", &hidden)
        section.flag("rated", &rated)
        section.flag("viewed", &viewed)
    }
}

extension Configuration.Scaling {
    mutating func read(_ section: inout Section) {
        section.duration("upAfter", &upAfter, in: .seconds(1) ... .seconds(3600))
        section.duration("downAfter", &downAfter, in: .seconds(1) ... .seconds(86_400))
        section.duration("pause", &pause, in: .seconds(1) ... .seconds(3600))
        section.number("busy", &busy, in: 0.1...1)
    }
}

extension Configuration.Supervisor {
    mutating func read(_ section: inout Section) {
        section.duration("readyTimeout", &readyTimeout, in: .seconds(1) ... .seconds(3600))
        section.duration("backoffFirst", &backoffFirst, in: .milliseconds(1) ... .seconds(60))
        section.duration("backoffMax", &backoffMax, in: .milliseconds(10) ... .seconds(3600))
        section.whole("restartsMax", &restartsMax, in: 1...1000)
        section.duration("restartsWithin", &restartsWithin, in: .seconds(1) ... .seconds(86_400))
        section.duration("failedRetry", &failedRetry, in: .seconds(1) ... .seconds(86_400))
        section.duration("silentMax", &silentMax, in: .seconds(2) ... .seconds(3600))
        section.duration("stuckMax", &stuckMax, in: .seconds(5) ... .seconds(86_400))
        section.duration("stopGrace", &stopGrace, in: .milliseconds(100) ... .seconds(600))
        section.address("http", &http)
    }
}

extension Configuration.LogSettings {
    mutating func read(_ section: inout Section) {
        section.choice("level", &level)
        section.choice("format", &format)
        section.whole("fileBytesMax", &fileBytesMax, in: (64 << 10)...(1 << 40))
        section.whole("filesMax", &filesMax, in: 2...1000)
        section.duration("repeatWindow", &repeatWindow, in: .milliseconds(100) ... .seconds(3600))
        section.whole("linesMax", &linesMax, in: 1...100_000)
        section.whole("traceLinesMax", &traceLinesMax, in: 1...100_000)
    }
}
