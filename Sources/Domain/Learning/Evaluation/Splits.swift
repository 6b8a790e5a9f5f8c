/// Training data and what was held out of it.
package struct Split: Sendable {
    package let train: Interactions
    /// Per user what to guess; empty for users without a question.
    package let held: [[Int32]]

    package init(train: Interactions, held: [[Int32]]) {
        self.train = train
        self.held = held
    }
}

extension Interactions {
    private func rowsByUser() -> [[Int]] {
        var lists = [[Int]](repeating: [], count: userCount)
        for row in 0..<count { lists[Int(users[row])].append(row) }
        return lists.map { $0.sorted { (timesMs[$0], $0) < (timesMs[$1], $1) } }
    }

    /// Holds out each user's last row; users with fewer than `minimum` rows are not asked.
    package func leaveLastOut(minimum: Int = 2) -> Split {
        var kept: [Int] = []
        var held = [[Int32]](repeating: [], count: userCount)
        for (user, rows) in rowsByUser().enumerated() {
            guard rows.count >= max(2, minimum), let last = rows.last else {
                kept += rows
                continue
            }
            kept += rows.dropLast()
            held[user] = [items[last]]
        }
        return Split(train: selecting(kept.sorted()), held: held)
    }

    /// The moment that this share of the rows lies before.
    package func time(atQuantile share: Double) -> Int64 {
        let sorted = timesMs.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, max(0, Int(Double(sorted.count) * share)))]
    }

    /// Trains on what came before `moment`; asked are the items a user known by then touched
    /// first after it.
    package func split(before moment: Int64) -> Split {
        let train = selecting((0..<count).filter { timesMs[$0] < moment })
        var known = [Set<Int32>](repeating: [], count: userCount)
        for row in 0..<train.count { known[Int(train.users[row])].insert(train.items[row]) }
        var held = [[Int32]](repeating: [], count: userCount)
        for (user, rows) in rowsByUser().enumerated() where !known[user].isEmpty {
            for row in rows where timesMs[row] >= moment {
                if known[user].insert(items[row]).inserted { held[user].append(items[row]) }
            }
        }
        return Split(train: train, held: held)
    }
}
