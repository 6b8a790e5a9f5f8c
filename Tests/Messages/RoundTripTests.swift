import Messages
import Randomness
import Testing

@Suite("Random messages survive the wire")
struct RoundTripTests {
    @Test("Batches of random records", arguments: 1...30)
    func batches(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var batch = EventBatch()
        batch.producer = random.text()
        batch.epoch = random.next()
        batch.sequence = random.next()
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            batch.records.append(random.record())
        }
        #expect(try EventBatch(decoding: batch.encoded()) == batch)
    }
}

extension SplitMix64 {
    /// Texts of 0 to 200 characters from several scripts.
    mutating func text() -> String {
        let letters: [Character] = ["a", "Z", "0", "é", "用", "\u{1F642}", "\u{0}", "\n"]
        let length = Int.random(in: 0..<4, using: &self) == 0 ? 200 : 12
        let count = Int.random(in: 0...length, using: &self)
        var text = ""
        for _ in 0..<count { text.append(letters.randomElement(using: &self) ?? "a") }
        return text
    }

    /// Finite numbers of any size, often 0.
    mutating func number() -> Double {
        let bits = Double(bitPattern: next())
        return bits.isFinite && Bool.random(using: &self) ? bits : 0
    }

    mutating func properties() -> [Property] {
        (0..<Int.random(in: 0...2, using: &self)).map { _ in
            var property = Property()
            property.key = text()
            property.value = text()
            return property
        }
    }

    mutating func event() -> Event {
        var event = Event()
        event.userID = text()
        event.itemID = text()
        event.type = EventType(rawValue: Int32(truncatingIfNeeded: next()))
        event.timeMs = Int64(bitPattern: next())
        event.category = text()
        event.price = number()
        event.quantity = UInt32(truncatingIfNeeded: next())
        event.value = number()
        event.discount = number()
        event.text = text()
        event.properties = properties()
        return event
    }

    mutating func record() -> Record {
        var record = Record()
        switch Int.random(in: 0..<4, using: &self) {
        case 0: record.content = .event(event())
        case 1:
            var item = Item()
            item.itemID = text()
            item.unavailable = .random(using: &self)
            item.keywords = [text(), text()]
            item.properties = properties()
            record.content = .item(item)
        case 2:
            var user = User()
            user.userID = text()
            user.age = UInt32(truncatingIfNeeded: next())
            user.interests = [text()]
            record.content = .user(user)
        default: break
        }
        if Bool.random(using: &self) {
            record.stamp = Stamp()
            record.stamp?.receivedMs = Int64(bitPattern: next())
            record.stamp?.price = number()
        }
        return record
    }
}
