import Messages
import ZeroMQ

/// Fetches that wait at the tail of the log until there is something to send or their time is over.
struct FetchDesk {
    struct Waiting {
        var routing: RoutingID
        var header: Header
        var fetch: Fetch
        var until: Duration
    }

    private var waiting: [Waiting] = []

    var count: Int { waiting.count }

    /// A consumer has one fetch open; a new one replaces what it asked before.
    mutating func park(_ fetch: Waiting) {
        waiting.removeAll { $0.routing == fetch.routing }
        waiting.append(fetch)
    }

    /// Takes out every fetch that `ready` says has something to read or whose time is over.
    mutating func takeDue(at now: Duration, ready: (Fetch) -> Bool) -> [Waiting] {
        var due: [Waiting] = []
        waiting.removeAll { entry in
            guard entry.until <= now || ready(entry.fetch) else { return false }
            due.append(entry)
            return true
        }
        return due
    }
}
