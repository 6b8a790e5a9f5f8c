/// Sharing partitions out evenly with as few moves as possible; pure.
enum Balance {
    /// The worker that each partition should be with, in terms of where it is (nil = nowhere).
    ///
    /// Loads differ by one at most. Nothing moves but what is with nobody of `workers` and what a
    /// worker has above its share; the larger shares go to those who have most.
    static func targets(_ current: [Int?], workers: [Int]) -> [Int?] {
        guard !workers.isEmpty else { return current.map { _ in nil } }
        var load = Dictionary(uniqueKeysWithValues: workers.map { ($0, 0) })
        for worker in current { if let worker { load[worker]? += 1 } }
        let order = workers.sorted { (-(load[$0] ?? 0), $0) < (-(load[$1] ?? 0), $1) }
        var room: [Int: Int] = [:]
        for (place, worker) in order.enumerated() {
            let larger = place < current.count % workers.count
            room[worker] = current.count / workers.count + (larger ? 1 : 0)
        }
        var targets = [Int?](repeating: nil, count: current.count)
        for (partition, worker) in current.enumerated() {
            guard let worker, let left = room[worker], left > 0 else { continue }
            targets[partition] = worker
            room[worker] = left - 1
        }
        var takers = order.filter { (room[$0] ?? 0) > 0 }
        var turn = 0
        // Round robin, so that a new worker gets users of all the others' load.
        for partition in targets.indices where targets[partition] == nil {
            let worker = takers[turn % takers.count]
            targets[partition] = worker
            room[worker, default: 0] -= 1
            if room[worker] == 0 {
                takers.remove(at: turn % takers.count)
            } else {
                turn += 1
            }
        }
        return targets
    }
}
