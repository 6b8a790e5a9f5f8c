/// A question; there is no body, since only GET and HEAD are taken.
package struct HTTPRequest: Sendable, Equatable {
    package let method: String
    /// Decoded and without the query.
    package let path: String

    package init(method: String = "GET", path: String) {
        self.method = method
        self.path = path
    }
}

/// An answer, whole.
package struct HTTPResponse: Sendable, Equatable {
    package var status: UInt32
    package var type: String
    package var body: [UInt8]

    package init(status: UInt32 = 200, type: String, body: [UInt8]) {
        self.status = status
        self.type = type
        self.body = body
    }

    /// Plain text.
    package static func text(
        _ text: String, status: UInt32 = 200, type: String = "text/plain; charset=utf-8"
    ) -> HTTPResponse {
        HTTPResponse(status: status, type: type, body: Array(text.utf8))
    }
}

/// Why a server does not serve.
package struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    package let call: String
    /// An errno, or 0 if the library told none.
    package let code: Int32

    package var description: String {
        code == 0 ? "\(call) failed" : "\(call): \(ListenSocket.text(code))"
    }
}

/// Every bound of a server, in one place.
package enum HTTPLimits {
    /// Connections at a time; a scraper needs one, and who holds many open leaves room for it.
    package static let connections: UInt32 = 256
    /// Of one address, so that nobody takes all of them.
    package static let connectionsPerAddress: UInt32 = 128
    /// Request line, headers and what the library needs for one connection.
    package static let connectionBytes = 16 << 10
    /// A connection that is silent for longer is closed.
    package static let timeoutSeconds: UInt32 = 5
    /// Connections that wait to be accepted.
    package static let backlog: Int32 = 64
}
