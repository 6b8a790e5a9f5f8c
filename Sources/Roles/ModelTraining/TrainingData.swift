import Features
package import Identity
package import Learning
package import Messages
import Recommendation

/// What a round of training reads, as columns of numbers in an order that follows from the content
/// alone: users, items and categories by name, rows by user and time. Rows of one user and moment
/// stay in the order of the log.
package struct TrainingData: Sendable {
    package private(set) var users = Vocabulary()
    package private(set) var items = Vocabulary()
    package private(set) var categories = Vocabulary()
    /// Category of each item by its number; -1 when none was told.
    package private(set) var itemCategories: [Int32] = []

    package private(set) var interactionUsers: [Int32] = []
    package private(set) var interactionItems: [Int32] = []
    package private(set) var interactionTypes: [UInt8] = []
    package private(set) var interactionTimesMs: [Int64] = []

    package private(set) var exampleUsers: [Int32] = []
    package private(set) var exampleTimesMs: [Int64] = []
    /// Row after row.
    package private(set) var exampleFeatures: [Float] = []
    package let featureCount: Int
    package let newestMs: Int64

    package var interactionCount: Int { interactionUsers.count }
    package var exampleCount: Int { exampleUsers.count }

    /// All identifiers of a person are one user. Features of an example stay those of the
    /// identifier that it was made for; what was bought afterwards counts for all of them.
    package init(_ rows: TrainingRows, joining graph: IdentityGraph = IdentityGraph()) {
        featureCount = rows.featureCount
        newestMs = rows.newestMs
        let interactions = rows.partitions.flatMap(\.interactions.elements)
        let examples = rows.partitions.flatMap(\.examples.elements)
        let persons = rows.users.elements.map {
            graph.linkCount > 0 ? graph.person(of: $0) : $0
        }
        let userNumbers = Self.number(
            persons, used: interactions.map(\.user) + examples.map(\.user), &users)
        let itemNumbers = Self.number(
            rows.items.elements.map(\.id), used: interactions.map(\.item), &items)
        nameCategories(rows, itemNumbers)
        take(interactions, userNumbers, itemNumbers)
        take(examples, userNumbers)
    }

    /// Adds the names that are used, sorted, to a vocabulary; gives the number of each, −1 for
    /// those that are not used.
    private static func number(
        _ names: [String], used: [Int32], _ vocabulary: inout Vocabulary
    ) -> [Int32] {
        var isUsed = [Bool](repeating: false, count: names.count)
        for place in used { isUsed[Int(place)] = true }
        for name in names.indices.filter({ isUsed[$0] }).map({ names[$0] }).sorted() {
            _ = vocabulary.number(adding: name)
        }
        return names.indices.map { isUsed[$0] ? vocabulary.number(of: names[$0]) ?? -1 : -1 }
    }

    private mutating func nameCategories(_ rows: TrainingRows, _ numbers: [Int32]) {
        var told = [String?](repeating: nil, count: items.count)
        for (item, number) in zip(rows.items.elements, numbers)
        where number >= 0 && item.category >= 0 {
            told[Int(number)] = rows.categories[Int(item.category)]
        }
        for name in Set(told.compactMap { $0 }).sorted() { _ = categories.number(adding: name) }
        itemCategories = told.map { $0.flatMap(categories.number(of:)) ?? -1 }
    }

    private mutating func take(
        _ rows: [TrainingRows.Interaction], _ users: [Int32], _ items: [Int32]
    ) {
        let order = order(rows, user: { users[Int($0.user)] }, timeMs: \.timeMs)
        interactionUsers = order.map { users[Int(rows[$0].user)] }
        interactionItems = order.map { items[Int(rows[$0].item)] }
        interactionTypes = order.map { rows[$0].type }
        interactionTimesMs = order.map { rows[$0].timeMs }
    }

    private mutating func take(_ rows: [TrainingRows.Example], _ users: [Int32]) {
        let order = order(rows, user: { users[Int($0.user)] }, timeMs: \.timeMs)
        exampleUsers = order.map { users[Int(rows[$0].user)] }
        exampleTimesMs = order.map { rows[$0].timeMs }
        exampleFeatures.reserveCapacity(rows.count * featureCount)
        for place in order { exampleFeatures.append(contentsOf: rows[place].features) }
    }

    /// The places of rows by user, then time, then as they stand.
    private func order<Row>(
        _ rows: [Row], user: (Row) -> Int32, timeMs: (Row) -> Int64
    ) -> [Int] {
        var starts = [Int](repeating: 0, count: users.count + 1)
        for row in rows { starts[Int(user(row)) + 1] += 1 }
        for number in 0..<users.count { starts[number + 1] += starts[number] }
        var next = starts
        var order = [Int](repeating: 0, count: rows.count)
        for (place, row) in rows.enumerated() {
            order[next[Int(user(row))]] = place
            next[Int(user(row))] += 1
        }
        for number in 0..<users.count {
            order[starts[number]..<starts[number + 1]].sort {
                (timeMs(rows[$0]), $0) < (timeMs(rows[$1]), $1)
            }
        }
        return order
    }

    /// What was remembered of some users, given by number, before a moment.
    func histories(of chosen: [Int], before moment: Int64) -> [UserHistory] {
        chosen.map { user in
            var state = UserState(userID: users[Int32(user)])
            // Rows stand by user.
            var row = interactionUsers.partition(below: Int32(user))
            while row < interactionUsers.count, interactionUsers[row] == user {
                if interactionTimesMs[row] < moment {
                    state.remember(
                        EventType(rawValue: Int32(interactionTypes[row])),
                        items[interactionItems[row]], at: interactionTimesMs[row])
                }
                row += 1
            }
            return state.history
        }
    }

    /// The interactions with a weight above zero, for the recommenders.
    package func interactions(weight: (EventType) -> Double) -> Interactions {
        let weights = (0..<256).map { type in
            Float(weight(EventType(rawValue: Int32(type))))
        }
        var result = Interactions(userNames: users, itemNames: items)
        for row in interactionUsers.indices {
            let weight = weights[Int(interactionTypes[row])]
            guard weight > 0, weight.isFinite else { continue }
            result.append(
                user: interactionUsers[row], item: interactionItems[row], weight: weight,
                timeMs: interactionTimesMs[row])
        }
        return result
    }
}
