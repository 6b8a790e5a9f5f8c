import CZeroMQ
import Glibc

/// A descriptor that becomes readable when another thread rings it.
final class WakeUp: Sendable {
    let descriptor: Int32

    init() throws(ZeroMQError) {
        let flags = Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC)
        descriptor = eventfd(0, flags)
        guard descriptor >= 0 else { throw ZeroMQError(call: "eventfd", errno: errno) }
    }

    deinit { close(descriptor) }

    func ring() {
        var one: UInt64 = 1
        // A full counter is already readable, so a refused write loses nothing.
        _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    func clear() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
