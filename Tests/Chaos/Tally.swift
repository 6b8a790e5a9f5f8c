import System

/// How often which fault was injected, what was left out and why, and how long healing took.
struct Tally {
    private(set) var injected: [String: Int] = [:]
    private(set) var skipped: [(name: String, why: String)] = []
    /// Milliseconds from fault to whole, by fault.
    private(set) var healing: [String: [Int]] = [:]

    var total: Int { injected.values.reduce(0, +) }

    mutating func count(_ name: String) { injected[name, default: 0] += 1 }
    mutating func skip(_ name: String, _ why: String) { skipped.append((name, why)) }
    mutating func healed(_ name: String, _ time: Duration) {
        healing[name, default: []].append(Int(time.milliseconds))
    }

    static func quantile(_ values: [Int], _ part: Double) -> Int {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    static func line(_ name: String, _ count: Int, _ times: [Int]) -> String {
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let healed =
            times.isEmpty
            ? ""
            : right("\(quantile(times, 0.5))", 8) + right("\(quantile(times, 0.99))", 8)
                + right("\(times.max() ?? 0)", 8)
        let padding = String(repeating: " ", count: max(1, 24 - name.count))
        return name + padding + right("\(count)", 6) + healed
    }

    var text: String {
        let head = "fault                    count  p50 ms  p99 ms     max  until whole again"
        let rows = injected.sorted { $0.key < $1.key }.map { name, count in
            Self.line(name, count, healing[name] ?? [])
        }
        let every = healing.values.flatMap { $0 }
        let sum = Self.line("all", total, every)
        let left = skipped.map { "not injected: \($0.name): \($0.why)" }
        return ([head] + rows + [sum] + left).joined(separator: "\n")
    }
}
