import Events
import Identity
import Messages
import Recommendation
import Scoring
import Storage
import Supervision

@testable import Ingest

/// What comes over the wire.
enum FrameTargets {
    static func all() throws -> [(weight: Int, target: any FuzzTarget)] {
        let messages = try AnyMessage.all()
        let forgotten = try AnyMessage.forgotten(messages)
        guard forgotten.isEmpty else { throw FuzzFailure("not fuzzed: \(forgotten)") }
        let world = try FuzzWorld(seed: FuzzSettings.seed)
        return [
            (10, MessageTarget(messages: messages)),
            (8, BatchTarget()),
            (2, HoldingTarget()),
            (2, CatalogueTarget()),
            (2, ChangesTarget()),
            (3, BlockTarget(world: world)),
            (3, OutboxTarget(world: world)),
            (3, try StateTarget(world: world)),
        ]
    }
}

/// Every message, and frames around them: what is accepted has a form that stays as it is.
struct MessageTarget: FuzzTarget {
    let messages: [AnyMessage]

    func run(_ random: inout FuzzRandom) throws {
        let message = messages[random.below(messages.count)]
        let others = (0..<3).map { _ in messages[random.below(messages.count)].golden }
        let bytes = random.damage(message.golden, splicing: others)
        if let once = try? message.recode(bytes) {
            let twice = try message.recode(once)
            guard once == twice else {
                throw FuzzFailure("\(message.name) \(bytes) changes when written again")
            }
        }
        let header = Header(kind: message.kind ?? .eventBatch, requestID: random.next())
        let frame = random.damage(Frame.encode(header, body: bytes), splicing: others)
        do {
            let (header, body) = try Frame.decode(frame.span)
            _ = try? message.recode(frame.span.array(body))
            _ = Frame.refuse(header, .badRequest, "no")
        } catch {
            _ = error.reply
        }
    }
}

/// Batches through ingest's intake: counted, put aside or refused.
struct BatchTarget: FuzzTarget {
    private var intake = Intake(items: ItemDirectory())

    mutating func run(_ random: inout FuzzRandom) throws {
        var batch = EventBatch()
        batch.producer = "p\(random.below(3))"
        batch.epoch = UInt64(random.below(3))
        batch.sequence = UInt64(random.below(4))
        for _ in 0...random.below(4) { batch.records.append(record(&random)) }
        let bytes = random.damage(batch.encoded())
        let standing = Intake.Standing(epoch: random.next(), sequence: random.next())
        let isKnown = random.below(4) == 0
        let reply = random.damage([0x08, 0x01, 0x10, 0x02])
        _ = try intake.take(
            bytes.span, body: 0..<bytes.count, sender: "k\(random.below(2))",
            nowMs: FuzzWorld.nowMs,
            held: Intake.Held(
                lookUp: { _ in isKnown ? standing : nil }, storedResult: { _, _, _ in reply }))
        if random.below(16) == 0 {
            for block in intake.takeGroup().blocks { try check(block.records, block.count) }
        }
    }

    private func record(_ random: inout FuzzRandom) -> Record {
        var record = Record()
        switch random.below(6) {
        case 0:
            var item = Item()
            item.itemID = "item-\(random.below(40))"
            item.price = 3
            record.content = .item(item)
        case 1:
            var user = User()
            user.userID = "user-\(random.below(9))"
            record.content = .user(user)
        case 2:
            var link = Link()
            link.userID = "user-\(random.below(9))"
            link.otherID = "user-\(random.below(9))"
            link.undo = random.below(3) == 0
            record.content = .link(link)
        default: record.content = .event(FuzzWorld.event(&random, FuzzWorld.nowMs))
        }
        return record
    }

    /// What ingest lets in, everybody behind it can read.
    private func check(_ block: [UInt8], _ count: Int) throws {
        let bytes = block.span
        var reader = BlockReader(bytes)
        var found = 0
        while let range = try reader.next() {
            _ = try Record(decoding: bytes.extracting(range))
            found += 1
        }
        guard found == count else { throw FuzzFailure("\(found) records of \(count)") }
    }
}

/// What workers say they hold, and what everybody is told of it.
struct HoldingTarget: FuzzTarget {
    private var plan = AssignmentPlan(partitions: 64)
    private var now: Duration = .seconds(1)

    mutating func run(_ random: inout FuzzRandom) throws {
        now += .milliseconds(random.below(50))
        _ = plan.join(random.below(3), at: now)
        _ = plan.ready(random.below(3), at: now)
        var holding = Holding()
        holding.version = UInt64(random.below(9))
        holding.partitions = (0..<8).map { _ in UInt32(random.below(70)) }
        holding.epochs = (0..<8).map { _ in UInt64(random.below(5)) }
        holding.refused = [UInt32(random.below(70))]
        holding.refusedEpochs = [random.next()]
        if let damaged = try? Holding(decoding: random.damage(holding.encoded())) {
            _ = plan.holding(random.below(3), damaged, at: now)
        }
        _ = plan.tick(at: now)
        let assignment = random.damage(plan.assignment.encoded())
        guard let told = try? Assignment(decoding: assignment) else { return }
        for worker in 0..<3 { _ = told.partitions(of: worker) }
        for partition in 0..<70 {
            _ = (told.worker(of: partition), told.epoch(of: partition))
        }
    }
}

/// Items and links, as scoring and trainer take them from the log.
struct CatalogueTarget: FuzzTarget {
    private var items = ItemDirectory()
    private var graph = IdentityGraph()
    private var catalogue = Catalogue()

    mutating func run(_ random: inout FuzzRandom) throws {
        var item = Item()
        item.itemID = "item-\(random.below(40))"
        item.category = "a/b/\(random.below(5))"
        item.timeMs = FuzzWorld.nowMs
        if let item = try? Item(decoding: random.damage(item.encoded())) {
            items.put(item)
            var entry = CatalogueEntry(id: item.itemID)
            (entry.category, entry.price, entry.timeMs) = (item.category, item.price, item.timeMs)
            catalogue.upsert(entry)
        }
        var link = Link()
        link.userID = "user-\(random.below(30))"
        link.otherID = "user-\(random.below(30))"
        link.undo = random.below(3) == 0
        if let link = try? Link(decoding: random.damage(link.encoded())) {
            if LinkRules().refusal(of: link, in: graph) == nil { graph.apply(link) }
            _ = graph.identifiers(of: link.userID)
        }
    }
}

/// Announcements of changes.
struct ChangesTarget: FuzzTarget {
    private var follower = ChangeFollower()

    mutating func run(_ random: inout FuzzRandom) throws {
        var change = ProfilesChanged()
        change.incarnation = UInt64(random.below(2))
        change.sequence = random.below(5) == 0 ? .max : random.next()
        change.userHashes = [random.next()]
        guard let heard = try? ProfilesChanged(decoding: random.damage(change.encoded())) else {
            return
        }
        _ = follower.hear(
            incarnation: heard.incarnation, sequence: heard.sequence, at: .seconds(1))
    }
}
