import Events
import Messages
package import Storage

/// Makes logs of very many small groups, which sending would take hours for: one event in each
/// group, and items here and there in the catalogue.
package struct ManyGroups {
    package var groups: Int
    /// Users take turns.
    package var users = 1_000
    /// An item in the first group and then in each so many.
    package var itemEvery = 10_000
    package var firstMs: Int64 = 1_750_000_000_000

    private static let perTransaction = 10_000

    package init(groups: Int) { self.groups = groups }

    package var items: Int { (groups + itemEvery - 1) / itemEvery }

    /// Appends the groups to a log.
    package func fill(_ log: SQLiteEventLog) throws {
        for first in stride(from: 0, to: groups, by: Self.perTransaction) {
            let some = first..<min(first + Self.perTransaction, groups)
            try log.append(
                manyGroups: some.map { [block($0)] }, receivedMs: firstMs + Int64(first))
        }
    }

    private func block(_ number: Int) -> PendingBlock {
        var record = Record()
        var partition = Partitions.catalogue
        if number % itemEvery == 0 {
            record.content = .item(item(number / itemEvery))
        } else {
            var event = Event()
            event.userID = "u\(number % users)"
            event.itemID = "i\(number % max(items, 1))"
            event.type = .view
            event.timeMs = firstMs + Int64(number)
            record.content = .event(event)
            partition = Partitions.partition(ofUser: event.userID)
        }
        let body = record.encoded()
        var bytes: [UInt8] = []
        bytes.appendVarint(UInt64(body.count))
        bytes += body
        return PendingBlock(partition: partition, count: 1, records: bytes)
    }

    private func item(_ number: Int) -> Item {
        var item = Item()
        item.itemID = "i\(number)"
        item.title = "Item \(number)"
        item.category = "c\(number % 10)"
        item.price = 10 + Double(number % 100)
        item.timeMs = firstMs
        return item
    }
}
