import Events
import Features
package import Messages

/// Takes in what the outboxes tell and numbers its names; lives on the trainer's loop.
///
/// A round of training gets ``rows``. The numbers of names stay here, so that what comes in
/// meanwhile copies no table of names either.
package struct TrainingIntake: Sendable {
    package private(set) var rows: TrainingRows
    /// Examples of another width, made by another version of the features, and damaged ones.
    package private(set) var examplesSkipped = 0
    private var users: [String: Int32] = [:]
    private var items: [String: Int32] = [:]
    private var categories: [String: Int32] = [:]
    private let interactionsMax: Int
    private let examplesMax: Int

    /// Interactions that are held.
    package var interactionCount: Int { rows.interactionCount }
    /// Examples that are held.
    package var exampleCount: Int { rows.exampleCount }

    /// `featureCount` is the width of an example of this version.
    package init(interactionsMax: Int, examplesMax: Int = 250_000, featureCount: Int) {
        self.interactionsMax = TrainingRows.share(interactionsMax)
        self.examplesMax = TrainingRows.share(examplesMax)
        rows = TrainingRows(
            interactionsMax: interactionsMax, examplesMax: examplesMax,
            featureCount: featureCount)
    }

    package mutating func add(_ entry: OutboxEntry) {
        switch entry.content {
        case .interaction(let interaction): add(interaction)
        case .example(let example): add(example)
        case nil: break
        }
    }

    private mutating func add(_ interaction: Interaction) {
        guard !interaction.itemID.isEmpty, interaction.type > 0, interaction.type < 256,
            StateLimits.timesMs.contains(interaction.timeMs)
        else { return }
        rows.newestMs = max(rows.newestMs, interaction.timeMs)
        let item = number(ofItem: interaction.itemID)
        if !interaction.category.isEmpty {
            tell(interaction.category, of: Int(item), at: interaction.timeMs)
        }
        let row = TrainingRows.Interaction(
            timeMs: interaction.timeMs, user: number(ofUser: interaction.userID), item: item,
            type: UInt8(interaction.type))
        let place = Partitions.partition(ofUser: interaction.userID)
        rows.partitions[place].interactions.append(row)
        if rows.partitions[place].interactions.count > interactionsMax {
            rows.partitions[place].interactions.removeFirstChunk()
        }
    }

    private mutating func add(_ example: Example) {
        let features = example.features ?? []
        guard features.count == rows.featureCount, !features.isEmpty,
            StateLimits.timesMs.contains(example.timeMs)
        else {
            examplesSkipped += 1
            return
        }
        rows.newestMs = max(rows.newestMs, example.timeMs)
        let row = TrainingRows.Example(
            timeMs: example.timeMs, user: number(ofUser: example.userID), features: features)
        let place = Partitions.partition(ofUser: example.userID)
        rows.partitions[place].examples.append(row)
        if rows.partitions[place].examples.count > examplesMax {
            rows.partitions[place].examples.removeFirstChunk()
        }
    }

    private mutating func number(ofUser id: String) -> Int32 {
        if let known = users[id] { return known }
        let new = Int32(rows.users.count)
        users[id] = new
        rows.users.append(id)
        return new
    }

    private mutating func number(ofItem id: String) -> Int32 {
        if let known = items[id] { return known }
        let new = Int32(rows.items.count)
        items[id] = new
        rows.items.append(TrainingRows.Item(id: id))
        return new
    }

    /// The category of an item is the one told last in the time of events; of several told at the
    /// same moment the last by name, so that the order of arrival does not count.
    private mutating func tell(_ category: String, of item: Int, at timeMs: Int64) {
        let known = rows.items[item]
        guard timeMs >= known.toldMs else { return }
        if known.category >= 0 {
            let name = rows.categories[Int(known.category)]
            if name == category {
                if timeMs > known.toldMs { rows.items[item].toldMs = timeMs }
                return
            }
            if timeMs == known.toldMs, category < name { return }
        }
        var number = categories[category]
        if number == nil {
            number = Int32(rows.categories.count)
            categories[category] = number
            rows.categories.append(category)
        }
        rows.items[item].category = number ?? -1
        rows.items[item].toldMs = timeMs
    }
}
