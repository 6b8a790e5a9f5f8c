/// Users whose change was heard and may not be on the disk yet: each comes up some times, after
/// rising delays, the last of which is long enough for whatever was heard before.
struct PendingUsers {
    private struct Entry {
        var hash: UInt64
        var at: Duration
    }

    private struct Place: Equatable {
        var queue: Int
        var at: Duration
    }

    /// First in, first out: all of a queue have the same delay.
    private struct Queue {
        var entries: [Entry] = []
        var head = 0

        mutating func pop(at now: Duration) -> Entry? {
            guard head < entries.count, entries[head].at <= now else { return nil }
            defer {
                head += 1
                if head > 1024, head * 2 > entries.count {
                    entries.removeFirst(head)
                    head = 0
                }
            }
            return entries[head]
        }
    }

    private let delays: [Duration]
    private var queues: [Queue]
    /// Where a user waits; other entries of the user are passed over.
    private var places: [UInt64: Place] = [:]

    /// `readAfter` are times after a change was heard, rising.
    init(readAfter: [Duration]) {
        delays = readAfter.indices.map {
            $0 == 0 ? readAfter[0] : readAfter[$0] - readAfter[$0 - 1]
        }
        queues = readAfter.map { _ in Queue() }
    }

    var count: Int { places.count }

    /// A change was heard. Who waits for the first reading already is not put off by it: whoever
    /// changes all the time would never be read.
    mutating func note(_ hash: UInt64, at now: Duration) {
        guard places[hash]?.queue != 0 else { return }
        put(hash, queue: 0, at: now + delays[0])
    }

    private mutating func put(_ hash: UInt64, queue: Int, at: Duration) {
        places[hash] = Place(queue: queue, at: at)
        queues[queue].entries.append(Entry(hash: hash, at: at))
    }

    /// The next user to be read at this moment, who comes up again later but for the last time.
    mutating func next(at now: Duration) -> UInt64? {
        for queue in queues.indices {
            while let entry = queues[queue].pop(at: now) {
                guard places[entry.hash] == Place(queue: queue, at: entry.at) else { continue }
                if queue + 1 < queues.count {
                    put(entry.hash, queue: queue + 1, at: now + delays[queue + 1])
                } else {
                    places[entry.hash] = nil
                }
                return entry.hash
            }
        }
        return nil
    }
}
