/// A frame is one message part: varint length and header, varint length and body.
package enum Frame {
    /// The protocol version that this code speaks.
    package static let version: UInt32 = 1

    /// The largest frame that any socket takes, in bytes.
    package static let largestBytes = 4 << 20

    /// A frame with a body that is encoded already.
    package static func encode(_ header: Header, body: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(48 + body.count)
        out.appendDelimited { header.encode(into: &$0) }
        out.appendVarint(UInt64(body.count))
        out.append(contentsOf: body)
        return out
    }

    /// A frame with a message as its body; the header's kind should be the message's.
    package static func encode(_ header: Header, body: some WireMessage) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(64 + body.encodedBytesHint)
        out.appendDelimited { header.encode(into: &$0) }
        out.appendDelimited { body.encode(into: &$0) }
        return out
    }

    /// The header, and where in `bytes` the body lies. Refuses, in this order, what is malformed,
    /// what has another version, and what is of an unknown kind.
    package static func decode(
        _ bytes: Span<UInt8>
    ) throws(FrameError) -> (header: Header, body: Range<Int>) {
        var header = Header()
        let body: Range<Int>
        do throws(DecodeError) {
            var reader = WireReader(bytes)
            let head = try reader.delimited()
            var inner = WireReader(bytes.extracting(head))
            try header.merge(from: &inner)
            body = try reader.delimited()
            guard reader.remaining == 0 else { throw .badTag }
        } catch {
            throw FrameError(.malformedFrame, header, "The frame is not well formed: \(error).")
        }
        guard header.traceID.isEmpty || header.traceID.count == 16 else {
            throw FrameError(.malformedFrame, header, "A trace id has 0 or 16 bytes.")
        }
        guard header.version == version else {
            throw FrameError(
                .unsupportedVersion, header,
                "Version \(header.version) is not spoken here; version \(version) is.")
        }
        guard header.kind.isKnown, header.kind != .unknown else {
            throw FrameError(
                .unknownKind, header, "Kind \(header.kind.rawValue) is unknown to this version.")
        }
        return (header, body)
    }

    /// Decodes the body of a frame; refuses with `malformedBody`.
    package static func decode<M: WireMessage>(
        _ type: M.Type, _ bytes: Span<UInt8>, body: Range<Int>, header: Header
    ) throws(FrameError) -> M {
        do throws(DecodeError) {
            return try M(decoding: bytes.extracting(body))
        } catch {
            throw FrameError(
                .malformedBody, header, "The body is not a \(M.self): \(error).")
        }
    }

    /// The answer to a question: same request and trace id, the message's own kind.
    package static func answer(_ asked: Header, _ body: some WireMessage) -> [UInt8] {
        encode(Header(answering: asked, kind: type(of: body).kind ?? .unknown), body: body)
    }

    /// The answer that refuses a question.
    package static func refuse(
        _ asked: Header, _ code: ErrorCode, _ message: String, retryAfterMs: UInt32 = 0
    ) -> [UInt8] {
        var reply = ErrorReply()
        reply.code = code
        reply.message = message
        reply.retryAfterMs = retryAfterMs
        return answer(asked, reply)
    }
}

extension Header {
    /// A header of this version.
    package init(
        kind: Kind, requestID: UInt64 = 0, timeoutMs: UInt32 = 0, traceID: [UInt8] = []
    ) {
        self.init()
        version = Frame.version
        self.kind = kind
        self.requestID = requestID
        self.timeoutMs = timeoutMs
        self.traceID = traceID
    }

    /// The header of an answer: request and trace id are the asker's.
    package init(answering asked: Header, kind: Kind) {
        let trace = asked.traceID.count == 16 ? asked.traceID : []
        self.init(kind: kind, requestID: asked.requestID, traceID: trace)
    }
}
