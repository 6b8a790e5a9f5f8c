import Messages

/// One event to come, without texts: cheap to hold until its time.
struct PlannedEvent: Sendable {
    var type: EventType
    var timeMs: Int64
    var product: Int32 = -1
    var quantity: UInt32 = 0
    var value = 0.0
    var leaf: Int32 = -1
    var device: Int32 = -1
    var card: Int32 = -1
}

/// One session, or one thing that follows later: its events in time order, and where it stands.
struct SessionPlan: Sendable {
    var user = 0
    var number = 0
    var channel = 0
    var isAnonymous = false
    var at = 0
    var events: [PlannedEvent] = []

    /// Starts over without giving the memory back.
    mutating func reset(user: Int, number: Int) {
        self.user = user
        self.number = number
        channel = 0
        isAnonymous = false
        at = 0
        events.removeAll(keepingCapacity: true)
    }
}

/// What waits in the queue: either the next event of a plan, or a user who comes back.
struct Appointment: Sendable {
    var timeMs: Int64
    /// Breaks ties, so that the order never depends on the heap.
    var order: UInt64
    /// Place of a plan; or ~user for a session that starts.
    var target: Int

    @inline(__always)
    func isBefore(_ other: Appointment) -> Bool {
        timeMs < other.timeMs || (timeMs == other.timeMs && order < other.order)
    }
}

/// A binary heap of appointments, earliest first.
struct AppointmentQueue: Sendable {
    private var heap: [Appointment] = []

    var first: Appointment? { heap.first }
    var count: Int { heap.count }

    mutating func push(_ appointment: Appointment) {
        heap.append(appointment)
        var at = heap.count - 1
        while at > 0 {
            let parent = (at - 1) / 2
            guard appointment.isBefore(heap[parent]) else { break }
            heap[at] = heap[parent]
            at = parent
        }
        heap[at] = appointment
    }

    /// Puts another appointment in the place of the first.
    mutating func replaceFirst(_ appointment: Appointment) {
        sink(appointment)
    }

    mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        sink(last)
    }

    private mutating func sink(_ appointment: Appointment) {
        var at = 0
        let count = heap.count
        while true {
            var child = 2 * at + 1
            guard child < count else { break }
            if child + 1 < count && heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(appointment) else { break }
            heap[at] = heap[child]
            at = child
        }
        heap[at] = appointment
    }
}
