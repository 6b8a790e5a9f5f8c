package import Numerics

/// Who chose what, how strongly and when: the training data of all recommenders.
package struct Interactions: Sendable, Equatable {
    package private(set) var users: [Int32] = []
    package private(set) var items: [Int32] = []
    package private(set) var weights: [Float] = []
    /// Unix milliseconds, or any number that rises with time.
    package private(set) var timesMs: [Int64] = []
    package var userNames = Vocabulary()
    package var itemNames = Vocabulary()

    package init() {}

    /// Takes numbered rows whose names come from the vocabularies given.
    package init(userNames: Vocabulary, itemNames: Vocabulary) {
        self.userNames = userNames
        self.itemNames = itemNames
    }

    package var count: Int { users.count }
    package var userCount: Int { userNames.count }
    package var itemCount: Int { itemNames.count }

    package mutating func append(user: String, item: String, weight: Float, timeMs: Int64) {
        append(
            user: userNames.number(adding: user), item: itemNames.number(adding: item),
            weight: weight, timeMs: timeMs)
    }

    /// Traps when a number is not in its vocabulary or the weight is not a finite number above 0.
    package mutating func append(user: Int32, item: Int32, weight: Float, timeMs: Int64) {
        precondition(user >= 0 && Int(user) < userNames.count)
        precondition(item >= 0 && Int(item) < itemNames.count)
        precondition(weight > 0 && weight.isFinite)
        users.append(user)
        items.append(item)
        weights.append(weight)
        timesMs.append(timeMs)
    }

    /// The rows named, with the same vocabularies.
    package func selecting(_ rows: [Int]) -> Interactions {
        var part = Interactions(userNames: userNames, itemNames: itemNames)
        part.users = rows.map { users[$0] }
        part.items = rows.map { items[$0] }
        part.weights = rows.map { weights[$0] }
        part.timesMs = rows.map { timesMs[$0] }
        return part
    }

    /// Users × items; weights of one pair are summed and cut at `cap`.
    package func byUser(cap: Float = .infinity) -> SparseRows {
        SparseRows(
            rowCount: userCount, columnCount: itemCount, rows: users, columns: items,
            values: weights, cap: cap)
    }

    /// Items × users; weights of one pair are summed and cut at `cap`.
    package func byItem(cap: Float = .infinity) -> SparseRows {
        SparseRows(
            rowCount: itemCount, columnCount: userCount, rows: items, columns: users,
            values: weights, cap: cap)
    }

    /// Each user's history, oldest first; equal times keep the order of rows.
    package func histories() -> [History] {
        var lists = [[Int]](repeating: [], count: userCount)
        for row in users.indices { lists[Int(users[row])].append(row) }
        return lists.map { rows in
            let sorted = rows.sorted { (timesMs[$0], $0) < (timesMs[$1], $1) }
            return History(
                items: sorted.map { items[$0] }, weights: sorted.map { weights[$0] },
                timesMs: sorted.map { timesMs[$0] })
        }
    }
}
