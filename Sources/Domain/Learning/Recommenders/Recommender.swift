package import Numerics

/// A model that gives every item a score for a user known by what they did.
package protocol Recommender: Sendable {
    var itemCount: Int { get }

    /// One score per item, higher is better; items of the history are scored like all others.
    func scores(for history: History) -> [Float]
}

extension Recommender {
    /// The best `count` items, best first; items of the history are left out unless kept.
    package func recommend(
        for history: History, count: Int, excluding extra: [Int32] = [], keepingSeen: Bool = false
    ) -> [Ranked] {
        topK(
            scores(for: history), k: count,
            excluding: keepingSeen ? extra : history.items + extra)
    }
}
