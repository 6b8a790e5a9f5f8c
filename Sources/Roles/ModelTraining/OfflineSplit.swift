import Learning
import Runtime

/// Which rows are trained on, and what their users did next.
package struct OfflineSplit: Sendable {
    package enum Way: Sendable, Equatable {
        /// Trained on this share of the rows that say something about liking, in time.
        case time(share: Double)
        /// Held out is the last such row of each user.
        case leaveLastOut
    }

    /// Places of rows, in their order.
    package let train: [Int]
    /// By the number of the user, in the order in which it was done; empty for who is not asked.
    package let held: [[Int32]]
    /// Rows that say something about liking.
    package let weighted: Int

    init(train: [Int], held: [[Int32]]) {
        self.train = train
        self.held = held
        weighted = train.count
    }

    package init(_ records: OfflineRecords, _ way: Way, pipeline: ServedPipeline) {
        let rows = records.rows
        let counting = rows.indices.filter { pipeline.settings.weights[rows[$0].type] > 0 }
        weighted = counting.count
        var held = [[Int32]](repeating: [], count: records.users.count)
        switch way {
        case .time(let share):
            let times = counting.map { rows[$0].timeMs }.sorted()
            let moment =
                times.isEmpty ? 0 : times[min(times.count - 1, Int(Double(times.count) * share))]
            train = rows.indices.filter { rows[$0].timeMs < moment }
            var known = [Set<Int32>](repeating: [], count: records.users.count)
            for place in counting where rows[place].timeMs < moment {
                known[Int(rows[place].user)].insert(rows[place].item)
            }
            let later = counting.filter { rows[$0].timeMs >= moment }
                .sorted { (rows[$0].timeMs, $0) < (rows[$1].timeMs, $1) }
            for place in later where !known[Int(rows[place].user)].isEmpty {
                let user = Int(rows[place].user)
                if known[user].insert(rows[place].item).inserted {
                    held[user].append(rows[place].item)
                }
            }
        case .leaveLastOut:
            var last = [Int](repeating: -1, count: records.users.count)
            var counts = last.map { _ in 0 }
            for place in counting {
                let user = Int(rows[place].user)
                counts[user] += 1
                if last[user] < 0 || rows[place].timeMs >= rows[last[user]].timeMs {
                    last[user] = place
                }
            }
            for user in last.indices where counts[user] >= 2 {
                held[user] = [rows[last[user]].item]
            }
            // What the user did at that moment or later would tell the answer.
            train = rows.indices.filter { place in
                let user = Int(rows[place].user)
                guard !held[user].isEmpty else { return true }
                let (own, end) = (rows[place].timeMs, rows[last[user]].timeMs)
                return own < end || own == end && place < last[user]
            }
        }
        self.held = held
    }
}
