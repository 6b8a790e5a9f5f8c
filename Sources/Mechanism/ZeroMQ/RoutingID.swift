/// The name a ROUTER gives to one connection; it says nothing about who is behind it.
package struct RoutingID: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// Wraps the first frame of what a ROUTER received.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var description: String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
