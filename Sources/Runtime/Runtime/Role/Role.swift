package import Messages

/// What a role is to its process: an actor on the process's event loop that owns its sockets.
///
///     nonisolated var unownedExecutor: UnownedSerialExecutor {
///         environment.loop.asUnownedSerialExecutor()
///     }
package protocol Role: Actor {
    static var kind: RoleKind { get }

    /// Keeps the environment; opens nothing yet.
    init(environment: RoleEnvironment) throws

    /// Opens and binds everything, and returns the endpoints for READY. Throws `StartFailure` for
    /// what a person must mend.
    func start() async throws -> [String]

    /// What it has done and what waits; asked for each second on the loop.
    func vitals() -> RoleVitals

    /// Hears who owns which partition, on the loop, before it counts as ready and then whenever
    /// that changes. The same version may come again. Never called without a supervisor: then the
    /// partitions are dealt as ``Endpoints`` says.
    func assign(_ assignment: Assignment)

    /// Cuts off who listens to its publishers, on the loop, because somebody of them may no longer;
    /// who still may comes again by itself.
    func cutListeners()

    /// Finishes what was begun, unregisters and closes its sockets; the process ends afterwards.
    func stop() async
}

extension Role {
    package func assign(_ assignment: Assignment) {}
    package func cutListeners() {}
}

/// A role's sign of life.
package struct RoleVitals: Sendable {
    /// Grows with work done.
    package var progress: UInt64 = 0
    /// Work known to wait.
    package var waiting: UInt64 = 0
    package var counters: [NamedValue] = []
    /// Points of traced batches since the last sign of life.
    package var traces: [TracePoint] = []
    /// Why it refuses all of what it is there for; empty: it does not.
    package var refusing = ""

    package init() {}

    /// Adds a counter.
    package mutating func count(_ name: String, _ value: Double) {
        var counter = NamedValue()
        counter.name = name
        counter.value = value
        counters.append(counter)
    }

    /// Adds a counter.
    package mutating func count(_ name: String, _ value: some BinaryInteger) {
        count(name, Double(value))
    }
}
