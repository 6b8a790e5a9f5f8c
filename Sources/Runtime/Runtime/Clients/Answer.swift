package import Messages

/// What came back for a question.
package struct Answer: Sendable {
    package let header: Header
    package let body: [UInt8]

    package var requestID: UInt64 { header.requestID }

    /// The body as a message; throws `refused` when the answer is an error.
    package func decode<M: WireMessage>(as type: M.Type) throws(RequestFailure) -> M {
        if header.kind == .error { throw refusal }
        do throws(DecodeError) {
            return try M(decoding: body)
        } catch {
            throw .malformed("the answer is not a \(M.self): \(error)")
        }
    }

    /// What an error answer says.
    package var refusal: RequestFailure {
        guard let error = try? ErrorReply(decoding: body) else {
            return .malformed("the error cannot be read")
        }
        return .refused(error.code, error.message, retryAfterMs: error.retryAfterMs)
    }
}

/// Why a request has no answer.
package enum RequestFailure: Error, Equatable, CustomStringConvertible {
    /// Sent, but nothing came back in time.
    case timedOut
    /// Nobody took it: nothing listens there.
    case notConnected(String)
    /// Somebody is there and does not let this client in.
    case keyRefused(String)
    case refused(ErrorCode, String, retryAfterMs: UInt32)
    case malformed(String)
    case socket(String)

    package var description: String {
        switch self {
        case .timedOut: "no answer in time"
        case .notConnected(let endpoint):
            "nobody answers at \(endpoint)"
        case .keyRefused(let text): "the cluster refused this key: \(text)"
        case .refused(let code, let message, _): "\(code.name) (\(code.rawValue)): \(message)"
        case .malformed(let text): "unreadable answer: \(text)"
        case .socket(let text): text
        }
    }
}
