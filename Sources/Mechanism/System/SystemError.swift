import Glibc

/// A failed call of the operating system: which call, its errno and the path it was about.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package let call: String
    package let code: Int32
    package let path: String

    package init(call: String, code: Int32, path: String = "") {
        self.call = call
        self.code = code
        self.path = path
    }

    /// The error of the call that has just failed in this thread.
    static func last(_ call: String, _ path: String = "") -> SystemError {
        SystemError(call: call, code: errno, path: path)
    }

    /// The system's words for an errno.
    package static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return Files.string(buffer)
    }

    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
    package var isPermission: Bool { code == EACCES || code == EPERM || code == EROFS }
    package var isMissing: Bool { code == ENOENT }

    package var description: String {
        let subject = path.isEmpty ? "" : " \(path)"
        return "\(call)\(subject): \(Self.text(code))"
    }
}
