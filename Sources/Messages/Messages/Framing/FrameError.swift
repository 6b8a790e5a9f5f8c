/// Why a frame is refused, with as much of its header as could be read.
package struct FrameError: Error, Equatable {
    package let code: ErrorCode
    package let header: Header
    /// For people.
    package let message: String

    package init(_ code: ErrorCode, _ header: Header, _ message: String) {
        self.code = code
        self.header = header
        self.message = message
    }

    /// The frame that tells the asker.
    package var reply: [UInt8] { Frame.refuse(header, code, message) }
}
