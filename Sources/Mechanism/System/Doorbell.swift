import Glibc

/// Lets one thread wait until another rings.
package final class Doorbell: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    package init() throws(SystemError) {
        let pipe = try Descriptor.pipe()
        (readEnd, writeEnd) = pipe.release()
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    package func ring() {
        Descriptor.write("!", to: writeEnd)
    }

    /// True once it was rung, at any time before or within the time given.
    package func wait(_ timeout: Duration) -> Bool {
        Descriptor.waitReadable(readEnd, timeout: timeout)
    }
}
