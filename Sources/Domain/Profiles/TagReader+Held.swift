import Expressions
import Features
package import Messages

extension TagReader {
    /// Windows are exact to the hour.
    private static let bucketMs: Int64 = 3_600_000

    /// What is to be said of each tag that the user has, in the order of the configuration;
    /// `earlier` draws the same user at a moment before the view's.
    package func held(by view: UserView, earlier: (Int64) -> UserView) -> [UserTag] {
        if set.tags.isEmpty { return [] }
        let now = truths(of: view)
        guard now.contains(1) else { return [] }
        let known = now.map { $0 == 1 ? 1.0 : 0 }
        var certainties = [Double](repeating: 1, count: now.count)
        for place in set.order {
            certainties[place] = readers[place].certainty(of: view, tags: certainties)
        }
        let lastMs = min(view.state.lastSeenMs, view.nowMs)
        let then = truths(of: earlier(lastMs))
        return now.indices.filter { now[$0] == 1 }.map { place in
            var tag = UserTag()
            tag.name = set.tags[place].definition.name
            tag.kind = bases[place].rawValue
            tag.value = valueReaders[place]?.value(of: view, tags: known).wireText ?? ""
            tag.confidence = certainties[place]
            tag.sinceMs =
                then[place] == 1
                ? lastMs
                : since(from: lastMs, to: view.nowMs) {
                    truths(of: earlier($0))[place] == 1
                }
            return tag
        }
    }

    /// A moment, to the hour, at which something came to hold that does not at `low` and does at
    /// `high`.
    private func since(from low: Int64, to high: Int64, _ holds: (Int64) -> Bool) -> Int64 {
        var (low, high) = (low, high)
        while high - low > Self.bucketMs {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle }
        }
        return high
    }
}

extension ExpressionValue {
    /// As `UserTag.value` has it.
    fileprivate var wireText: String {
        switch self {
        case .unknown: ""
        case .number(let value), .time(let value), .duration(let value):
            Int64(exactly: value).map { "\($0)" } ?? "\(value)"
        case .flag(let flag): "\(flag)"
        case .text(let text): text
        }
    }
}
