/// "tcp://ADDRESS:PORT" taken apart.
package struct TCPEndpoint: Sendable, Equatable, CustomStringConvertible {
    package var address: String
    package var port: Int

    /// nil when the text is not such an endpoint or the port is not 1 to 65535.
    package init?(_ text: String) {
        let scheme = "tcp://"
        guard text.hasPrefix(scheme), let colon = text.lastIndex(of: ":") else { return nil }
        let start = text.index(text.startIndex, offsetBy: scheme.count)
        guard start < colon, let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { return nil }
        address = String(text[start..<colon])
        guard !address.contains(where: \.isWhitespace) else { return nil }
        self.port = port
    }

    /// The same address with a port further on, or nil past 65535.
    package func advanced(by ports: Int) -> TCPEndpoint? {
        TCPEndpoint("tcp://\(address):\(port + ports)")
    }

    package var description: String { "tcp://\(address):\(port)" }
}
