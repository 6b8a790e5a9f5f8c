import Synchronization

/// How much of a long start is done. A role that has much to read notes it here, from any thread;
/// the supervisor hears it with each beat and waits as long as it goes on.
package final class StartProgress: Sendable {
    private let done = Atomic<UInt64>(0)

    package init() {}

    package func note(_ count: Int = 1) {
        done.wrappingAdd(UInt64(clamping: count), ordering: .relaxed)
    }

    package var value: UInt64 { done.load(ordering: .relaxed) }
}
