import Testing

@testable import Supervision

@Suite("Partitions are shared out evenly with as few moves as possible")
struct BalanceTests {
    /// The fewest partitions that have to leave the worker they are with.
    private func fewest(_ current: [Int?], _ workers: [Int]) -> Int {
        let held = workers.map { worker in current.count { $0 == worker } }.sorted(by: >)
        let larger = current.count % workers.count
        let kept = held.enumerated().reduce(0) { sum, entry in
            let share = current.count / workers.count + (entry.offset < larger ? 1 : 0)
            return sum + min(share, entry.element)
        }
        return current.count - kept
    }

    @Test("every way to hold 7 partitions by 3 workers or nobody, shared by 1 to 3 of 4 workers")
    func exhaustive() {
        let sets = [[0], [1], [0, 1], [1, 2], [0, 1, 2], [0, 2, 3], [3]]
        for code in 0..<16_384 {
            let current = (0..<7).map { place in
                let digit = code >> (2 * place) & 3
                return digit == 3 ? nil : digit
            }
            for workers in sets {
                let targets = Balance.targets(current, workers: workers)
                let counts = workers.map { worker in targets.count { $0 == worker } }
                let isFair =
                    counts.reduce(0, +) == 7 && (counts.max() ?? 0) - (counts.min() ?? 0) <= 1
                let moves = zip(current, targets).count { $0 != $1 }
                let isStable = Balance.targets(targets, workers: workers) == targets
                if isFair && isStable && moves == fewest(current, workers) { continue }
                Issue.record("\(current) to \(workers): \(targets)")
            }
        }
    }

    @Test func nobodyToShareWith() {
        #expect(Balance.targets([0, nil], workers: []) == [nil, nil])
    }

    @Test("one to four and back")
    func scaling() {
        let one = [Int?](repeating: 0, count: 64)
        let four = Balance.targets(one, workers: [0, 1, 2, 3])
        #expect(zip(one, four).count { $0 != $1 } == 48)
        let two = Balance.targets(four, workers: [0, 1])
        #expect(zip(four, two).count { $0 != $1 } == 32)
        #expect(Balance.targets(two, workers: [0]) == one)
    }
}
