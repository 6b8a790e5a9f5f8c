import Foundation
package import Numerics

extension ItemToItemModel {
    /// How the lists are made.
    package struct Options: Sendable, Equatable {
        /// Neighbours kept per item and list.
        package var neighbours = 100
        /// The weight of one user and item is cut here.
        package var weightCap: Float = 5
        package var together = NeighbourNorm(fromExponent: 0.5, toExponent: 0.5, shrink: 1)
        package var following = NeighbourNorm(fromExponent: 1, toExponent: 0.25, shrink: 2)
        /// How many places after an item still count as following it.
        package var window = 10
        /// The weight at distance d is 1 / d^this.
        package var distanceExponent: Double = 0.5
        /// A user with n items counts 1 / n^this in `together`.
        package var activityExponent: Double = 1
        package var serving = Serving()

        package init() {}
    }

    /// `categories` is a number per item, any numbers, negative for none; empty to do without.
    package static func train(
        _ data: Interactions, categories: [Int32] = [], options: Options = Options()
    ) -> ItemToItemModel {
        let users = data.byUser(cap: options.weightCap)
        let damping = (0..<users.rowCount).map { user in
            let count = users.offsets[user + 1] - users.offsets[user]
            return Float(pow(Double(max(1, count)), -options.activityExponent))
        }
        let together = NeighbourLists.together(
            users: users, damping: damping, norm: options.together, count: options.neighbours)
        var sequence: [Int32] = []
        sequence.reserveCapacity(data.count)
        var offsets = [0]
        for history in data.histories() {
            // The same item again and again says nothing about what follows it.
            for (place, item) in history.items.enumerated()
            where place == 0 || history.items[place - 1] != item { sequence.append(item) }
            offsets.append(sequence.count)
        }
        let weights = (0..<options.window).map { place in
            Float(pow(Double(place + 1), -options.distanceExponent))
        }
        let following = NeighbourLists.following(
            sequence: sequence, offsets: offsets,
            damping: [Float](repeating: 1, count: offsets.count - 1), itemCount: data.itemCount,
            weights: weights, norm: options.following, count: options.neighbours)
        let counts = PopularityModel.train(data).counts
        let best = max(counts.max() ?? 1, .leastNormalMagnitude)
        return ItemToItemModel(
            items: data.itemNames, together: together.levelled(), following: following.levelled(),
            popularity: counts.map { $0 / best }, categories: dense(categories),
            serving: options.serving)
    }

    /// Numbers the categories from 0 in order of first sight.
    private static func dense(_ categories: [Int32]) -> [Int32] {
        var numbers: [Int32: Int32] = [:]
        return categories.map { category in
            if category < 0 { return -1 }
            let next = Int32(numbers.count)
            let number = numbers[category] ?? next
            numbers[category] = number
            return number
        }
    }
}
