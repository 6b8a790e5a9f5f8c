import Numerics
import Randomness

@testable import Learning

/// Made-up data with a known answer.
enum Worlds {
    /// User u chose item i where u + i is even, but never item u itself: what is held out of the
    /// diagonal must be recommended first.
    static func checkerboard(_ size: Int) -> Interactions {
        var data = Interactions(
            userNames: Vocabulary((0..<size).map { "u\($0)" }),
            itemNames: Vocabulary((0..<size).map { "i\($0)" }))
        for user in 0..<Int32(size) {
            for item in 0..<Int32(size) where (user + item) % 2 == 0 && user != item {
                data.append(user: user, item: item, weight: 1, timeMs: Int64(item))
            }
        }
        return data
    }

    /// Walks on a ring: item i is mostly followed by item i + 1.
    static func walks(users: Int, items: Int, steps: Int, seed: UInt64) -> Interactions {
        var random = SeededRandom(seed: seed)
        var data = Interactions(
            userNames: Vocabulary((0..<users).map { "user \($0)" }),
            itemNames: Vocabulary((0..<items).map { "item \($0)" }))
        for user in 0..<users {
            var item = random.index(below: items)
            for step in 0..<steps {
                data.append(
                    user: Int32(user), item: Int32(item),
                    weight: Float(1 + random.index(below: 3)), timeMs: Int64(step) * 1000)
                item =
                    random.index(below: 5) == 0
                    ? random.index(below: items) : (item + 1) % items
            }
        }
        return data
    }

    /// Rows whose log odds are 2·a − b + noise-free interaction of a and c; every tenth a is NaN.
    static func examples(_ rows: Int, seed: UInt64, missing: Bool = true) -> Examples {
        var random = SeededRandom(seed: seed)
        var table = Matrix(rows: rows, columns: 4)
        var labels: [Float] = []
        for row in 0..<rows {
            let values = (0..<4).map { _ in random.normal() }
            let score = 2 * values[0] - values[1] + (values[0] > 0 ? 1.5 : -1.5) * values[2]
            labels.append(random.uniform() < Logistic.chance(score) ? 1 : 0)
            for column in 0..<4 { table[row, column] = Float(values[column]) }
            if missing && row % 10 == 0 { table[row, 0] = .nan }
        }
        return Examples(table: table, labels: labels)
    }
}
