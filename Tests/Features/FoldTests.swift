import Events
import Features
import Messages
import Testing

@Suite("The fold of a partition")
struct FoldTests {
    /// Statistics counted the slow way, straight from the list of events.
    struct Naive {
        var counts: [EventType: Int] = [:]
        var spend = 0.0
        var items: [String] = []
        var purchased: [String] = []
        var events: [Event] = []

        mutating func add(_ event: Event) {
            counts[event.type, default: 0] += 1
            events.append(event)
            if event.type == .purchase {
                spend += event.price * Double(max(event.quantity, 1))
                purchased.removeAll { $0 == event.itemID }
                purchased.append(event.itemID)
            }
            if event.type != .impression { items.append(event.itemID) }
        }

        func count(_ type: EventType, days: Int64, asOfMs: Int64) -> Int {
            let day = asOfMs / 86_400_000
            return events.filter {
                let own = $0.timeMs / 86_400_000
                return $0.type == type && own > day - days && own <= day
            }.count
        }
    }

    @Test("equals a naive count over the same events", arguments: [1, 2, 3] as [UInt64])
    func naive(seed: UInt64) throws {
        let events = randomEvents(seed: seed, count: 4000, users: 20)
        var log = Log()
        var naive: [String: Naive] = [:]
        for event in events {
            log.append(event)
            naive[event.userID, default: Naive()].add(event)
        }
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 17)
        let asOfMs = fold.newestMs
        for (userID, expected) in naive {
            let state = try #require(try fold.state(of: userID, load: { _ in nil }))
            for (type, count) in expected.counts {
                #expect(state.life(type) == Double(count), "\(type) of \(userID), seed \(seed)")
            }
            #expect(abs(state.spend - expected.spend) < 1e-6)
            #expect(state.recents.ordered.map(\.itemID) == Array(expected.items.suffix(50)))
            #expect(state.purchased == expected.purchased)
            let values = Dictionary(
                uniqueKeysWithValues: zip(
                    FeatureCatalogue.names, state.features(asOfMs: asOfMs)))
            for (name, days) in [("7d", 7), ("30d", 30), ("90d", 90)] as [(String, Int64)] {
                let views = expected.count(.view, days: days, asOfMs: asOfMs)
                #expect(values["views_" + name] == Float(views), "\(name), seed \(seed)")
            }
        }
    }

    @Test("does not depend on how the log is cut into blocks", arguments: [1, 3, 64, 5000])
    func blocks(size: Int) throws {
        var log = Log()
        for event in randomEvents(seed: 9, count: 1500, users: 12) { log.append(event) }
        var one = Log.newFold()
        try log.fold(into: &one, blocksOf: 100)
        var other = Log.newFold()
        try log.fold(into: &other, blocksOf: size)
        let a = one.takeChanges()
        let b = other.takeChanges()
        #expect(a.users == b.users)
        #expect(a.outbox == b.outbox)
        #expect(a.outbox.count > 0)
    }

    @Test("applies a block that comes twice once, and refuses a gap")
    func twice() throws {
        var log = Log()
        for event in randomEvents(seed: 4, count: 100, users: 3) { log.append(event) }
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 30)
        try log.fold(into: &fold, blocksOf: 45)
        #expect(fold.appliedOffset == 100)
        #expect(fold.counts.events == 100)
        var changed: [UInt64] = []
        var failure: FoldError?
        let first = log.records[0]
        do {
            try fold.fold(
                first.span, firstOffset: 102, changed: &changed, load: { _ in nil })
        } catch {
            failure = error as? FoldError
        }
        #expect(failure == .gap(expected: 100, got: 102))
    }

    @Test("goes on from stored states as if it had never stopped", arguments: [1, 77, 300])
    func restart(cut: Int) throws {
        var log = Log()
        for event in randomEvents(seed: 5, count: 600, users: 9) { log.append(event) }
        var whole = Log.newFold()
        try log.fold(into: &whole, blocksOf: 50)

        var first = Log.newFold()
        var changed: [UInt64] = []
        for (offset, record) in log.records[..<cut].enumerated() {
            try first.fold(
                record.span, firstOffset: UInt64(offset), changed: &changed, load: { _ in nil })
        }
        let stored = Dictionary(
            uniqueKeysWithValues: first.takeChanges().users.states.map { ($0.key, $0.state) })
        var second = PartitionFold(
            partition: 0, appliedOffset: UInt64(cut), storeIsEmpty: false,
            parameters: FoldParameters(), keys: .open)
        for (offset, record) in log.records.enumerated() {
            try second.fold(
                record.span, firstOffset: UInt64(offset), changed: &changed,
                load: { stored[$0] })
        }
        for user in 0..<9 {
            let a = try whole.state(of: "user-\(user)", load: { _ in nil })
            let b = try second.state(of: "user-\(user)", load: { stored[$0] })
            #expect(a?.encoded() == b?.encoded(), "user \(user), cut \(cut)")
        }
    }

    @Test("no feature of any example knows what comes later", arguments: [21, 22] as [UInt64])
    func noFeatureSeesTheFuture(seed: UInt64) throws {
        var log = Log()
        let events = randomEvents(seed: seed, count: 1500, users: 9)
        for event in events { log.append(event) }
        // One fold knows everything up to the event, the other one event less.
        var fold = Log.newFold()
        var past = Log.newFold()
        var changed: [UInt64] = []
        var count = 0
        for (offset, event) in events.enumerated() {
            let record = log.records[offset]
            try fold.fold(
                record.span, firstOffset: UInt64(offset), changed: &changed, load: { _ in nil })
            let outbox = fold.takeChanges().outbox.bytes
            var reader = BlockReader(outbox.span)
            while let range = try reader.next() {
                let entry = try OutboxEntry(decoding: outbox.span.extracting(range))
                guard case .example(let example)? = entry.content else { continue }
                let state = try #require(try past.state(of: event.userID, load: { _ in nil }))
                #expect(example.timeMs == event.timeMs)
                let known = state.features(asOfMs: event.timeMs)
                let features = try #require(example.features)
                for (at, name) in FeatureCatalogue.names.enumerated() {
                    let isSame = features[at].bitPattern == known[at].bitPattern
                    #expect(isSame, "\(name), event \(offset), seed \(seed)")
                }
                count += 1
            }
            try past.fold(
                record.span, firstOffset: UInt64(offset), changed: &changed, load: { _ in nil })
        }
        #expect(count > 20, "seed \(seed)")
    }

    @Test("an example holds the features from before the event that gave rise to it")
    func noFuture() throws {
        var log = Log()
        let start: Int64 = 1_700_000_000_000
        log.append(Event("u", .view, "a", start))
        log.append(Event("u", .purchase, "a", start + 7_200_000))
        var fold = Log.newFold()
        try log.fold(into: &fold, blocksOf: 10)
        var examples: [Example] = []
        let outbox = fold.takeChanges().outbox.bytes
        var reader = BlockReader(outbox.span)
        while let range = try reader.next() {
            let entry = try OutboxEntry(decoding: outbox.span.extracting(range))
            if case .example(let example)? = entry.content { examples.append(example) }
        }
        let example = try #require(examples.first)
        #expect(examples.count == 1)
        let purchases = try #require(FeatureCatalogue.names.firstIndex(of: "purchases_life"))
        let views = try #require(FeatureCatalogue.names.firstIndex(of: "views_life"))
        let features = try #require(example.features)
        #expect(features[purchases] == 0)
        #expect(features[views] == 1)
        #expect(example.timeMs == start + 7_200_000)
    }

    @Test(
        "cold users make room and come back unchanged",
        arguments: [HotLimit(users: 20), HotLimit(bytes: 60_000)])
    func eviction(limit: HotLimit) throws {
        var store: [UInt64: [UInt8]] = [:]
        var log = Log()
        for event in randomEvents(seed: 6, count: 3000, users: 200) { log.append(event) }
        var all = Log.newFold()
        try log.fold(into: &all, blocksOf: 500)
        var small = Log.newFold()
        var changed: [UInt64] = []
        for (offset, record) in log.records.enumerated() {
            try small.fold(
                record.span, firstOffset: UInt64(offset), changed: &changed,
                load: { store[$0] })
            if offset % 50 == 49 {
                for user in small.takeChanges().users.states { store[user.key] = user.state }
                small.shrink(to: limit)
                #expect(small.table.count <= limit.users)
                #expect(small.table.residentBytes <= limit.bytes)
                #expect(small.table.count > 5)
            }
        }
        for user in 0..<200 {
            let a = try all.state(of: "user-\(user)", load: { _ in nil })
            let b = try small.state(of: "user-\(user)", load: { store[$0] })
            #expect(a?.encoded() == b?.encoded())
        }
    }
}
