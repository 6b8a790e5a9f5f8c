import Events

/// What the trainer holds, as it arrived: per partition, because only within one the order of
/// arrival is the same whenever the same log is read.
///
/// A copy is a snapshot that costs nothing; see ``Segments``.
package struct TrainingRows: Sendable {
    package struct Interaction: Sendable {
        var timeMs: Int64
        /// By its place in ``users``.
        var user: Int32
        /// By its place in ``items``.
        var item: Int32
        var type: UInt8
    }

    package struct Example: Sendable {
        var timeMs: Int64
        var user: Int32
        var features: [Float]
    }

    package struct Item: Sendable {
        var id: String
        /// By its place in ``categories``; −1 when none was told.
        var category: Int32 = -1
        /// When the category was told, in the time of events.
        var toldMs: Int64 = .min
    }

    package struct Partition: Sendable {
        package internal(set) var interactions: Segments<Interaction>
        package internal(set) var examples: Segments<Example>
    }

    package internal(set) var partitions: [Partition]
    var users = Segments<String>()
    var items = Segments<Item>()
    var categories = Segments<String>()
    package internal(set) var newestMs: Int64 = 0
    /// Numbers of one example.
    package let featureCount: Int

    /// Each partition holds an equal part of what is held at most: what is dropped then depends
    /// on that partition alone, never on which one was read first.
    init(interactionsMax: Int, examplesMax: Int, featureCount: Int) {
        self.featureCount = featureCount
        partitions = [Partition](
            repeating: Partition(
                interactions: Segments(chunkSize: Self.chunkSize(interactionsMax)),
                examples: Segments(chunkSize: Self.chunkSize(examplesMax))),
            count: Partitions.users)
    }

    /// The most of one partition; at least one.
    static func share(_ most: Int) -> Int { max(1, most / Partitions.users) }

    /// Rows go chunk by chunk: a quarter of the most at once, or less.
    private static func chunkSize(_ most: Int) -> Int { min(4096, max(1, share(most) / 4)) }

    var interactionCount: Int { partitions.reduce(0) { $0 + $1.interactions.count } }
    var exampleCount: Int { partitions.reduce(0) { $0 + $1.examples.count } }
}
