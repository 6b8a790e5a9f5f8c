import Glibc
import Synchronization

/// The one way to standard output. What cannot be written is remembered, so that a program ends
/// with a code that says so; after the first failure nothing more is written.
package enum StandardOutput {
    private static let failed = Atomic<Int32>(0)

    /// The exit code of who was left by the reader of its output, as shells show it for SIGPIPE.
    package static let closedPipe: Int32 = 141
    /// The exit code of who could not write its output, as sysexits.h has it.
    package static let inputOutput: Int32 = 74

    /// Why output was lost; nil while everything was written.
    package static var failure: SystemError? {
        let code = failed.load(ordering: .relaxed)
        return code == 0 ? nil : SystemError(call: "write", code: code, path: "standard output")
    }

    /// Writes all of a text, or remembers why not.
    package static func write(_ text: String) {
        guard failed.load(ordering: .relaxed) == 0 else { return }
        do throws(SystemError) {
            try Descriptor.writeAll(text, to: 1)
        } catch {
            failed.store(error.code, ordering: .relaxed)
        }
    }

    /// The code to end with: the program's own if its output was written. A reader that left is no
    /// news; anything else is said on one line.
    package static func ended(_ program: String, with code: Int32, failure: SystemError?) -> Int32 {
        guard let failure else { return code }
        if failure.code == EPIPE { return closedPipe }
        Descriptor.write("\(program): cannot write the output: \(failure)\n", to: 2)
        return inputOutput
    }
}

extension Descriptor {
    /// Writes all of a text, waiting where a reader is slow.
    package static func writeAll(_ text: String, to raw: Int32) throws(SystemError) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let wrote = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    raw, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if wrote >= 0 {
                done += wrote
            } else if errno == EAGAIN {
                var entry = pollfd(fd: raw, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&entry, 1, -1)
            } else if errno != EINTR {
                throw .last("write", "standard output")
            }
        }
    }
}
