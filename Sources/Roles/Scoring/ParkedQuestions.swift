/// Questions that wait for a user's state.
struct ParkedQuestions: Sendable {
    /// What has no room for one more.
    enum Bound: String, Sendable {
        case total = "questions"
        case partition = "questions about users of this partition"
        case owner = "questions about users of this worker"
        case key = "questions of this key"
    }

    private var byUser: [UInt64: [Pending]] = [:]
    private var byPartition: [Int: Int] = [:]
    private var byKey: [String: Int] = [:]
    private let limits: ParkingLimits
    private(set) var count = 0

    init(limits: ParkingLimits) { self.limits = limits }

    /// Which bound one more question would break; nil if there is room. `isOwners` says whether a
    /// partition belongs to the same worker.
    func boundReached(by pending: Pending, isOwners: (Int) -> Bool) -> Bound? {
        if count >= limits.total { return .total }
        if byKey[pending.key, default: 0] >= limits.perKey { return .key }
        if byPartition[pending.waitPartition, default: 0] >= limits.perPartition {
            return .partition
        }
        // Fewer than this in all is fewer of any worker.
        guard count >= limits.perOwner else { return nil }
        let owners = byPartition.reduce(0) { isOwners($1.key) ? $0 + $1.value : $0 }
        return owners >= limits.perOwner ? .owner : nil
    }

    mutating func park(_ pending: Pending) {
        byUser[pending.waitHash, default: []].append(pending)
        account(pending, 1)
    }

    /// Takes what waited for a user.
    mutating func take(_ hash: UInt64) -> [Pending] {
        guard let waiting = byUser.removeValue(forKey: hash) else { return [] }
        for pending in waiting { account(pending, -1) }
        return waiting
    }

    /// Takes what can wait no longer.
    mutating func takeDue(at now: Duration) -> [Pending] {
        if count == 0 { return [] }
        var due: [Pending] = []
        for (hash, waiting) in byUser where waiting.contains(where: { $0.answerBy <= now }) {
            due += waiting.filter { $0.answerBy <= now }
            let left = waiting.filter { $0.answerBy > now }
            byUser[hash] = left.isEmpty ? nil : left
        }
        for pending in due { account(pending, -1) }
        return due
    }

    /// Each user that something waits for.
    var users: [(userID: String, hash: UInt64)] {
        byUser.compactMap { hash, waiting in
            waiting.first.map { ($0.waitsFor?.userID ?? $0.userID, hash) }
        }
    }

    mutating func takeAll() -> [Pending] {
        defer {
            byUser = [:]
            byPartition = [:]
            byKey = [:]
            count = 0
        }
        return byUser.values.flatMap { $0 }
    }

    private mutating func account(_ pending: Pending, _ change: Int) {
        count += change
        Self.add(change, to: pending.waitPartition, in: &byPartition)
        Self.add(change, to: pending.key, in: &byKey)
    }

    /// Nothing is kept of who has nothing waiting.
    private static func add<Key: Hashable>(
        _ change: Int, to key: Key, in counts: inout [Key: Int]
    ) {
        let sum = counts[key, default: 0] + change
        counts[key] = sum == 0 ? nil : sum
    }
}
