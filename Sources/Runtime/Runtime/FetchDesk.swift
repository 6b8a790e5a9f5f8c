package import Messages
package import ZeroMQ

/// Fetches that wait at the tail of a log until there is something to send or their time is over.
package struct FetchDesk: Sendable {
    package struct Waiting: Sendable {
        package var routing: RoutingID
        package var header: Header
        package var fetch: Fetch
        /// On the monotonic clock.
        package var until: Duration

        package init(routing: RoutingID, header: Header, fetch: Fetch, until: Duration) {
            self.routing = routing
            self.header = header
            self.fetch = fetch
            self.until = until
        }
    }

    private var waiting: [Waiting] = []

    package init() {}

    package var count: Int { waiting.count }

    /// A consumer has one fetch open per stream; a new one replaces what it asked before.
    package mutating func park(_ fetch: Waiting) {
        waiting.removeAll {
            $0.routing == fetch.routing && $0.fetch.stream == fetch.fetch.stream
        }
        waiting.append(fetch)
    }

    /// Takes out the one that has waited longest of those for which `ready` finds something to
    /// read, or whose time is over; nil where there is none.
    package mutating func takeNext(at now: Duration, ready: (Fetch) -> Bool) -> Waiting? {
        guard let at = waiting.firstIndex(where: { $0.until <= now || ready($0.fetch) })
        else { return nil }
        return waiting.remove(at: at)
    }

    /// Takes out every fetch for which `ready` finds something to read, or whose time is over.
    package mutating func takeDue(at now: Duration, ready: (Fetch) -> Bool) -> [Waiting] {
        var due: [Waiting] = []
        waiting.removeAll { entry in
            guard entry.until <= now || ready(entry.fetch) else { return false }
            due.append(entry)
            return true
        }
        return due
    }
}
