import Features
package import Learning
package import Messages
import Recommendation

/// Records of a shop as they come, without a cluster: what its trainer would be told of them, and
/// what its workers would remember of each user.
package struct OfflineRecords: Sendable {
    package struct Row: Sendable {
        package let user: Int32
        package let item: Int32
        package let type: EventType
        package let timeMs: Int64
    }

    package private(set) var users = Vocabulary()
    package private(set) var items = Vocabulary()
    package private(set) var rows: [Row] = []
    private var entries: [CatalogueEntry] = []
    /// What was told last of each item's category.
    private var categories: [Int32: String] = [:]

    package init() {}

    /// Takes an event about an item, or an item; other records say nothing here.
    package mutating func add(_ record: Record) {
        switch record.content {
        case .item(let item):
            entries.append(CatalogueEntry(item))
            tell(item.category, of: items.number(adding: item.itemID))
        case .event(let event) where !event.itemID.isEmpty:
            let item = items.number(adding: event.itemID)
            tell(event.category, of: item)
            rows.append(
                Row(
                    user: users.number(adding: event.userID), item: item, type: event.type,
                    timeMs: event.timeMs))
        default: break
        }
    }

    private mutating func tell(_ category: String, of item: Int32) {
        if !category.isEmpty { categories[item] = category }
    }

    /// The same with some of the rows only.
    package func selecting(_ chosen: [Int]) -> OfflineRecords {
        var part = self
        part.rows = chosen.map { rows[$0] }
        return part
    }

    /// What the trainer would hold of some rows.
    func trainingData(_ chosen: [Int], interactionsMax: Int) -> TrainingData {
        var intake = TrainingIntake(interactionsMax: interactionsMax, featureCount: 0)
        var entry = OutboxEntry()
        for place in chosen where rows[place].type.isInteraction {
            let row = rows[place]
            var interaction = Interaction()
            interaction.userID = users[row.user]
            interaction.itemID = items[row.item]
            interaction.type = row.type.rawValue
            interaction.timeMs = row.timeMs
            interaction.category = categories[row.item] ?? ""
            entry.content = .interaction(interaction)
            intake.add(entry)
        }
        return TrainingData(intake.rows)
    }

    /// What would be remembered of each user after some rows, by the number of the user.
    func histories(_ chosen: [Int]) -> [UserHistory] {
        var states = users.names.map(UserState.init(userID:))
        for place in chosen {
            let row = rows[place]
            states[Int(row.user)].remember(row.type, items[row.item], at: row.timeMs)
        }
        return states.map(\.history)
    }

    /// The items that were told of as such.
    var catalogue: Catalogue {
        var catalogue = Catalogue()
        for entry in entries { catalogue.upsert(entry) }
        return catalogue
    }
}
