import Ingest
import Messages
import Runtime
import Storage
import System
import Testing

@Suite("Ingest under load, refusals and their repair", .timeLimit(.minutes(2)))
struct IngestRoleTests {
    private func code(_ result: Result<BatchResult, RequestFailure>) -> ErrorCode? {
        guard case .failure(.refused(let code, _, _)) = result else { return nil }
        return code
    }

    @Test("without workers the spool fills and batches are refused; with workers it goes on")
    func overload() async throws {
        let world = try IngestWorld { $0.ingest.spoolBytesMax = 1 << 20 }
        let ingest = try await world.startIngest()
        var sequence: UInt64 = 0
        var refused: RequestFailure?
        while refused == nil && sequence < 200 {
            sequence += 1
            let records = IngestWorld.events(100, from: Int(sequence) * 100, text: 500)
            let result = try await world.send(records, producer: "flood", sequence: sequence)
            if case .failure(let failure) = result { refused = failure }
        }
        guard case .refused(.overloaded, _, let retryAfterMs)? = refused else {
            Issue.record("\(String(describing: refused)) after \(sequence)")
            return
        }
        #expect(retryAfterMs >= 50)
        let small = try await world.send(
            IngestWorld.events(1, from: 900_000), producer: "small", sequence: 1)
        #expect(code(small) == nil, "a small producer still gets in: \(small)")
        // A repeat of what is durable is answered whatever the load.
        let repeated = try await world.send(
            IngestWorld.events(100, from: 100, text: 500), producer: "flood", sequence: 1)
        guard case .success(let first) = repeated else {
            Issue.record("\(repeated)")
            return
        }
        #expect(first.already)
        let vitals = await ingest.role.vitals()
        #expect(IngestWorld.counter("refused.overloaded", vitals) >= 1)
        #expect(IngestWorld.counter("spool_bytes", vitals) <= Double(1 << 20))
        let features = try await world.startFeatures()
        let again = try await IngestWorld.until { () -> Bool? in
            let records = IngestWorld.events(100, from: Int(sequence) * 100, text: 500)
            let result = try await world.send(records, producer: "flood", sequence: sequence)
            return code(result) == nil ? true : nil
        }
        #expect(again == true, "it resumes by itself")
        let drained = try await IngestWorld.until { () -> Bool? in
            let left = IngestWorld.counter("spool_bytes", await ingest.role.vitals())
            return left == 0 ? true : nil
        }
        #expect(drained == true)
        await features.stop()
        await ingest.stop()
    }

    @Test("the backlog is known again after a restart of ingest")
    func backlogAfterRestart() async throws {
        let world = try IngestWorld()
        var ingest = try await world.startIngest()
        _ = try await world.send(
            IngestWorld.events(1000, text: 300), producer: "p", sequence: 1)
        let before = IngestWorld.counter("spool_bytes", await ingest.role.vitals())
        #expect(before > 300_000)
        await ingest.stop()
        ingest = try await world.startIngest()
        let after = IngestWorld.counter("spool_bytes", await ingest.role.vitals())
        #expect(abs(after - before) < before / 10)
        await ingest.stop()
    }

    @Test("a batch without a number is known by its event ids, also after a restart")
    func unnumbered() async throws {
        let world = try IngestWorld()
        var ingest = try await world.startIngest()
        let events = IngestWorld.events(300)
        let first = try await world.send(events, producer: "web", sequence: 0).get()
        #expect((first.accepted, first.duplicates) == (300, 0))
        await ingest.stop()
        ingest = try await world.startIngest()
        let again = try await world.send(
            events + IngestWorld.events(5, from: 300), producer: "web", sequence: 0
        ).get()
        #expect((again.accepted, again.duplicates) == (5, 300))
        #expect(IngestWorld.counter("event_ids", await ingest.role.vitals()) == 305)
        await ingest.stop()
    }

    @Test("rejects: listed, corrected, sent again once, dropped; over the wire")
    func rejects() async throws {
        let world = try IngestWorld()
        let ingest = try await world.startIngest()
        var bad = IngestWorld.events(3)
        for index in bad.indices {
            guard case .event(var event)? = bad[index].content else { continue }
            event.price = .nan
            bad[index].content = .event(event)
        }
        let result = try await world.send(bad, producer: "p", sequence: 1).get()
        #expect(result.rejected == 3)
        var list = RejectsRequest()
        list.code = .numberNotFinite
        let listed = try await world.ask(list, as: Rejects.self)
        #expect(listed.rejects.map(\.id) == [1, 2, 3] && listed.kept == 3)
        var retry = RejectsRequest()
        retry.action = .retry
        retry.ids = [1]
        let asIs = try await world.ask(retry, as: Rejects.self)
        #expect(asIs.outcomes.first?.code == .numberNotFinite)
        var correction = Correction()
        correction.id = 1
        correction.record = IngestWorld.events(1)[0]
        retry.ids = []
        retry.corrections = [correction]
        let done = try await world.ask(retry, as: Rejects.self)
        #expect(done.outcomes.map(\.done) == [true] && done.outcomes.map(\.already) == [false])
        let twice = try await world.ask(retry, as: Rejects.self)
        #expect(twice.outcomes.map(\.already) == [true])
        #expect(IngestWorld.counter("log_records", await ingest.role.vitals()) == 1)
        list = RejectsRequest()
        list.ids = [1]
        let marked = try await world.ask(list, as: Rejects.self)
        #expect(marked.rejects.first?.retriedBy == "operator")
        var drop = RejectsRequest()
        drop.action = .drop
        drop.ids = [2, 77]
        let dropped = try await world.ask(drop, as: Rejects.self)
        #expect(dropped.outcomes.map(\.done) == [true, false])
        #expect(dropped.kept == 2 && dropped.dropped == 1 && dropped.retried == 1)
        #expect(dropped.counts.map(\.value) == [3])
        await ingest.stop()
    }

    @Test("events that come once more are dropped where a rule says so, numbered or not")
    func repeated() async throws {
        let world = try IngestWorld { configuration in
            var clicks = Configuration.CleaningRule("clicks")
            clicks.source = "web"
            clicks.once = ["user_id", "type", "item_id"]
            clicks.within = .seconds(2)
            configuration.cleaning = [clicks]
        }
        let ingest = try await world.startIngest()
        func at(_ offsetsMs: [Int64], id: String) -> [Record] {
            offsetsMs.enumerated().map { number, offset in
                var event = Event()
                event.userID = "u"
                event.itemID = "i"
                event.type = .view
                event.timeMs = 1_700_000_000_000 + offset
                event.eventID = "\(id)\(number)"
                var record = Record()
                record.content = .event(event)
                return record
            }
        }
        let first = try await world.send(
            at([0, 1500, 2500, 4400], id: "a"), producer: "p", sequence: 1, source: "web"
        ).get()
        // 1500 is near 0; 2500 is not, and 4400 is near that.
        #expect((first.accepted, first.duplicates, first.rejected) == (2, 2, 0))
        let again = try await world.send(
            at([4600, 2600], id: "b"), producer: "q", sequence: 0, source: "web"
        ).get()
        #expect((again.accepted, again.duplicates) == (1, 1))
        let till = try await world.send(
            at([4600, 4600], id: "c"), producer: "p", sequence: 2, source: "till"
        ).get()
        #expect((till.accepted, till.duplicates) == (2, 0))
        let vitals = await ingest.role.vitals()
        #expect(IngestWorld.counter("cleaned.clicks/web/repeated", vitals) == 3)
        await ingest.stop()
    }

    @Test("rules of cleaning hold for their source, with and without numbers, and are counted")
    func cleaning() async throws {
        let world = try IngestWorld { configuration in
            var cents = Configuration.CleaningRule("cents")
            cents.source = "till"
            cents.field = "price"
            cents.factor = 0.01
            var range = Configuration.CleaningRule("range")
            range.field = "price"
            range.max = 1000
            var channel = Configuration.CleaningRule("channel")
            channel.field = "channel"
            channel.fill = "web"
            configuration.cleaning = [cents, range, channel]
        }
        let ingest = try await world.startIngest()
        func priced(_ prices: [Double]) -> [Record] {
            zip(IngestWorld.events(prices.count), prices).map { record, price in
                guard case .event(var event)? = record.content else { return record }
                event.price = price
                var priced = Record()
                priced.content = .event(event)
                return priced
            }
        }
        let till = try await world.send(
            priced([500, 99_999, 200_000]), producer: "p", sequence: 1, source: "till"
        ).get()
        #expect((till.accepted, till.rejected) == (2, 1))
        #expect(till.rejects.first?.code == .recordUnclean && till.rejects.first?.index == 2)
        // Too dear for the checks before its unit is changed; ids still count once.
        for accepted in [2, 0] {
            let web = try await world.send(
                priced([5e9, 7]), producer: "w", sequence: 0, source: "till"
            ).get()
            #expect(web.rejected == 1 && web.accepted == UInt32(accepted) / 2)
        }
        let shop = try await world.send(
            priced([500, 2000]), producer: "q", sequence: 1, source: "shop"
        ).get()
        #expect((shop.accepted, shop.rejected) == (1, 1))
        let vitals = await ingest.role.vitals()
        for (name, count) in [
            ("cents/till/changed", 7.0), ("range/till/rejected", 3), ("channel/till/filled", 4),
            ("range/shop/rejected", 1), ("channel/shop/filled", 1), ("cents/shop/changed", -1),
        ] { #expect(IngestWorld.counter("cleaned.\(name)", vitals) == count, "\(name)") }
        // A person who sends a reject again has seen it: it goes past the rules.
        var retry = RejectsRequest()
        retry.action = .retry
        retry.ids = [1]
        #expect(try await world.ask(retry, as: Rejects.self).outcomes.first?.done == true)
        await ingest.stop()
        let log = try SQLiteEventLog(folder: world.folder.logFolder, readOnly: true)
        var prices: [Double] = []
        for partition in 0..<Endpoints.partitions {
            for block in try log.read(partition: partition, from: 0, maxBytes: 1 << 20) {
                var reader = BlockReader(block.records.span)
                while let range = try reader.next() {
                    let record = try Record(decoding: block.records.span.extracting(range))
                    guard case .event(let event)? = record.content else { continue }
                    prices.append(event.price)
                }
            }
        }
        #expect(prices.sorted() == [0.07, 5, 500, 999.99, 200_000])
    }
}
