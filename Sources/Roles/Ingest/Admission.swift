import Messages

/// Whether a batch may come in: the back-pressure of ingest. Pure; time is an argument.
///
/// Below the soft limit of the spool everything is taken. From there on a key that took more than
/// its share lately has those of its producers refused that took more than theirs; in the last
/// eighth it is refused altogether. So no key fills the room alone, by however many names and
/// connections, and one that sends little finds room beside any other. Above the hard limit nothing
/// is taken. A full disk refuses everything, before it really is full.
struct Admission {
    struct Limits: Equatable {
        /// Bytes acknowledged but not applied.
        var spoolBytesMax: Int
        /// Free bytes on the disk of the log.
        var diskFreeMin: Int

        /// From here on producers above their share are refused.
        var softBytes: Int { spoolBytesMax / 4 * 3 }
        /// From here on keys above their share are refused.
        var sharedBytes: Int { spoolBytesMax / 8 * 7 }
    }

    /// Why a batch is not taken, and when to ask again.
    struct Refused: Equatable {
        var code: ErrorCode
        var message: String
        var retryAfterMs: UInt32
    }

    /// What a key took lately, by its producers.
    private struct Usage {
        var total = 0.0
        var producers: [String: Double] = [:]

        mutating func note(_ taken: Taken) {
            total += taken.bytes
            guard producers[taken.producer] != nil || producers.count < producersMax else { return }
            producers[taken.producer, default: 0] += taken.bytes
        }
    }

    /// Something of the group under way, to be taken back should it not be written.
    private struct Taken {
        var key: String
        var producer: String
        var bytes: Double
    }

    /// Producers of one key whose share is known; one that finds no place counts as small.
    static let producersMax = 4096
    /// Lately: what was taken weighs half after this time.
    static let halfLifeMs: Int64 = 2000
    /// Who took less than this lately is small whatever the others do.
    static let smallBytes = 64.0 * 1024
    static let retryMsRange: ClosedRange<Int64> = 50...5000
    /// The disk is asked again after a write that found it full.
    static let fullPauseMs: Int64 = 500
    /// A failed write says nothing about now after this: who was refused comes again sooner.
    static let failureFreshMs: Int64 = 10_000

    private let limits: Limits
    private var usage: [String: Usage] = [:]
    /// What all keys took lately.
    var usageBytes: Double { usage.values.reduce(0) { $0 + $1.total } }
    private var underWay: [Taken] = []
    /// Bytes taken into the group under way.
    private(set) var pending = 0
    private var spool = 0
    /// Bytes that the workers apply per ms, smoothed; 0 while they do nothing.
    private(set) var drainPerMs = 0.0
    private var lastTickMs: Int64?
    private var fullUntilMs: Int64?
    private(set) var isDiskShort = false
    /// Of the last group that could not be written, until one is.
    private var failure: (text: String, atMs: Int64)?

    init(limits: Limits) {
        self.limits = limits
    }

    /// Asks for one batch of a producer that a key sends; if admitted, its bytes count at once.
    mutating func admit(
        _ producer: String, of key: String, bytes: Int, atMs now: Int64
    ) -> Refused? {
        if isDiskShort || fullUntilMs.map({ now < $0 }) ?? false {
            return Refused(
                code: .diskFull,
                message: "the disk of the event log is nearly full; nothing was taken",
                retryAfterMs: 1000)
        }
        let filled = spool + pending
        if filled + bytes > limits.spoolBytesMax, filled > 0 {
            return refused(
                producer, filled, "the feature workers are behind, the spool is full")
        }
        if filled + bytes > limits.softBytes, filled > 0, isAboveShare(key) {
            if filled + bytes > limits.sharedBytes {
                return refused(
                    producer, filled, "the feature workers are behind, and this key sent much")
            }
            if isAboveShare(producer, of: key) {
                return refused(
                    producer, filled, "the feature workers are behind, and this producer sent much")
            }
        }
        pending += bytes
        note(Taken(key: key, producer: producer, bytes: Double(bytes)))
        return nil
    }

    /// Why every batch is refused at present; empty while some are taken.
    func refusing(atMs now: Int64) -> String {
        if isDiskShort { return "the disk of the event log is nearly full" }
        if let failure, now - failure.atMs <= Self.failureFreshMs { return failure.text }
        if spool >= limits.spoolBytesMax, drainPerMs == 0 {
            return "the spool is full and the feature workers apply nothing"
        }
        return ""
    }

    /// One more than there are shares the room: nobody alone may fill it.
    private func isAboveShare(_ key: String) -> Bool {
        Self.isAbove(usage[key]?.total ?? 0, of: usageBytes, among: usage.count)
    }

    private func isAboveShare(_ producer: String, of key: String) -> Bool {
        guard let usage = usage[key] else { return false }
        return Self.isAbove(
            usage.producers[producer] ?? 0, of: usage.total, among: usage.producers.count)
    }

    private static func isAbove(_ own: Double, of total: Double, among count: Int) -> Bool {
        own > smallBytes && own > total / Double(count + 1)
    }

    /// Comes back when the workers should have made room, not all at the same instant.
    private func refused(_ producer: String, _ filled: Int, _ message: String) -> Refused {
        var wait: Int64 = 1000
        if drainPerMs > 0 {
            wait = Int64(min(Double(filled - limits.softBytes) / drainPerMs, 1e9))
        }
        let spread = producer.utf8.reduce(Int64(7)) { ($0 &* 31 &+ Int64($1)) & 0xff }
        wait += wait * spread / 1024
        wait = min(max(wait, Self.retryMsRange.lowerBound), Self.retryMsRange.upperBound)
        return Refused(
            code: .overloaded, message: "\(message); nothing was taken",
            retryAfterMs: UInt32(wait))
    }

    private mutating func note(_ taken: Taken) {
        underWay.append(taken)
        usage[taken.key, default: Usage()].note(taken)
    }

    /// The group under way was written; its records come back as spool.
    mutating func endGroup(appendedBytes: Int) {
        pending = 0
        underWay.removeAll(keepingCapacity: true)
        spool += appendedBytes
        if appendedBytes > 0 { fullUntilMs = nil }
    }

    /// The group under way could not be written: nobody has taken anything by it.
    mutating func giveUpGroup() {
        for taken in underWay {
            guard var usage = usage[taken.key] else { continue }
            usage.total = max(0, usage.total - taken.bytes)
            if let known = usage.producers[taken.producer] {
                usage.producers[taken.producer] = known > taken.bytes ? known - taken.bytes : nil
            }
            self.usage[taken.key] = usage.total < Self.forgottenBytes ? nil : usage
        }
        endGroup(appendedBytes: 0)
    }

    /// A group could not be written.
    mutating func noteFailure(_ text: String, isDiskFull: Bool, atMs now: Int64) {
        failure = (text, now)
        if isDiskFull { fullUntilMs = now + Self.fullPauseMs }
    }

    /// One could.
    mutating func noteWritten() { failure = nil }

    /// Some ten times per second: how much waits now, and how much room the disk has.
    mutating func tick(spoolBytes: Int, diskFree: Int?, atMs now: Int64) {
        if let diskFree {
            // A little more than the limit is asked before it goes on, so that it does not flutter.
            let wanted = limits.diskFreeMin + (isDiskShort ? limits.diskFreeMin / 16 : 0)
            isDiskShort = diskFree < wanted
        }
        defer {
            spool = spoolBytes
            lastTickMs = now
        }
        guard let lastTickMs, now > lastTickMs else { return }
        let drained = max(0, spool - spoolBytes)
        let elapsed = Double(now - lastTickMs)
        let weight = min(1, elapsed / 1000)
        drainPerMs += (Double(drained) / elapsed - drainPerMs) * weight
        if drainPerMs < 0.01 { drainPerMs = 0 }
        decay(elapsed / Double(Self.halfLifeMs))
    }

    private mutating func decay(_ halfLives: Double) {
        guard !usage.isEmpty else { return }
        // 2^-x for small x; the exact curve does not matter, that it falls does.
        let factor = 1 / (1 + 0.693 * halfLives + 0.24 * halfLives * halfLives)
        usage = usage.compactMapValues { usage in
            guard usage.total * factor >= Self.forgottenBytes else { return nil }
            let producers = usage.producers.compactMapValues { bytes in
                bytes * factor < Self.forgottenBytes ? nil : bytes * factor
            }
            return Usage(total: usage.total * factor, producers: producers)
        }
        for index in underWay.indices { underWay[index].bytes *= factor }
    }

    /// Who took less than this lately is forgotten.
    private static let forgottenBytes = 256.0
}
