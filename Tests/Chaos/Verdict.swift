/// What a run found wrong, apart by kind: wrong data is worse than slow healing, and a harness
/// that could not look is neither.
struct Verdict {
    fileprivate(set) var safety: [String] = []
    fileprivate(set) var liveness: [String] = []
    fileprivate(set) var harness: [String] = []
    /// What was checked, with its counts.
    fileprivate(set) var checked: [String] = []

    mutating func violated(_ invariant: String, _ text: String) {
        safety.append("\(invariant): \(text)")
    }
    mutating func stuck(_ invariant: String, _ text: String) {
        liveness.append("\(invariant): \(text)")
    }
    mutating func broken(_ text: String) { harness.append(text) }
    mutating func note(_ invariant: String, _ text: String) {
        checked.append("\(invariant)  \(text)")
    }

    var isGood: Bool { safety.isEmpty && liveness.isEmpty && harness.isEmpty }

    var text: String {
        var lines = checked
        func add(_ title: String, _ found: [String]) {
            lines.append("\(title): \(found.isEmpty ? "none" : "\(found.count)")")
            lines += found.prefix(10).map { "  \($0)" }
        }
        add("safety violations", safety)
        add("liveness violations", liveness)
        add("harness failures", harness)
        return lines.joined(separator: "\n")
    }
}

extension Verdict {
    /// What somebody else found.
    mutating func add(_ other: Verdict) {
        safety += other.safety
        liveness += other.liveness
        harness += other.harness
        checked += other.checked
    }
}
