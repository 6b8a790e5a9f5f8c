import Messages
import Testing

@Suite("Frames carry a header and a body, and are refused in a fixed order")
struct FrameTests {
    private func refusal(_ frame: [UInt8]) -> FrameError? {
        do throws(FrameError) {
            _ = try Frame.decode(frame.span)
            return nil
        } catch {
            return error
        }
    }

    @Test("What is encoded is decoded")
    func roundTrip() throws {
        let header = Header(
            kind: .eventBatch, requestID: 42, timeoutMs: 7, traceID: Array(0..<16))
        let frame = Frame.encode(header, body: EventBatch.sample)
        #expect(frame == Frame.encode(header, body: EventBatch.sample.encoded()))
        let (decoded, body) = try Frame.decode(frame.span)
        #expect(decoded == header)
        let batch = try Frame.decode(EventBatch.self, frame.span, body: body, header: decoded)
        #expect(batch == EventBatch.sample)
    }

    @Test("Malformed comes before version, version before kind; the request id is kept")
    func order() {
        var header = Header(kind: Kind(rawValue: 999), requestID: 5)
        header.version = 9
        let whole = Frame.encode(header, body: [])
        #expect(refusal(whole + [0])?.code == .malformedFrame)
        #expect(refusal(whole + [0])?.header.requestID == 5)
        #expect(refusal(whole)?.code == .unsupportedVersion)
        #expect(refusal(whole)?.header.requestID == 5)
        header.version = Frame.version
        #expect(refusal(Frame.encode(header, body: []))?.code == .unknownKind)
        header.kind = .unknown
        #expect(refusal(Frame.encode(header, body: []))?.code == .unknownKind)
        header.kind = .status
        #expect(refusal(Frame.encode(header, body: [])) == nil)
        header.traceID = [1]
        #expect(refusal(Frame.encode(header, body: []))?.code == .malformedFrame)
    }

    @Test("A refusal is an answer that the asker can match")
    func refuse() throws {
        let asked = Header(kind: .profileRequest, requestID: 77, traceID: Array(0..<16))
        let frame = Frame.refuse(asked, .overloaded, "Try later.", retryAfterMs: 50)
        let (header, body) = try Frame.decode(frame.span)
        #expect(header == Header(kind: .error, requestID: 77, traceID: Array(0..<16)))
        let reply = try ErrorReply(decoding: frame.span.extracting(body))
        #expect(reply.code == .overloaded)
        #expect(reply.message == "Try later.")
        #expect(reply.retryAfterMs == 50)
    }

    @Test("A body of another type is refused with the request id")
    func body() throws {
        let asked = Header(kind: .profileRequest, requestID: 3)
        let frame = Frame.encode(asked, body: [0x08])
        let (header, range) = try Frame.decode(frame.span)
        do throws(FrameError) {
            _ = try Frame.decode(ProfileRequest.self, frame.span, body: range, header: header)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .malformedBody)
            let (reply, _) = try Frame.decode(error.reply.span)
            #expect(reply.requestID == 3)
        }
    }

    @Test("Every kind but unknown has a body, and no two messages share one")
    func kinds() {
        let bodies = Sample.all.compactMap(\.kind)
        #expect(Set(bodies).count == bodies.count)
        #expect(Set(bodies) == Set(Kind.named.map(\.value)).subtracting([.unknown]))
    }
}
