package import Messages
import System

/// The points of traced batches that a role has passed since its last sign of life. Untraced
/// batches, which are nearly all, never come here.
package struct TraceNotes: Sendable {
    private var points: [TracePoint] = []

    /// Points kept between two signs of life; more are only in the log.
    package static let pointsMax = 64
    /// Bytes of a trace id.
    package static let idBytes = 16

    package init() {}

    /// Notes and logs that a batch has passed a stage now.
    package mutating func note(_ traceID: [UInt8], _ stage: String, _ log: Log) {
        log.trace(["trace": Self.text(traceID), "stage": stage])
        guard points.count < Self.pointsMax else { return }
        var point = TracePoint()
        point.traceID = traceID
        point.stage = stage
        point.wallUs = Clock.wallUs()
        points.append(point)
    }

    /// The same for the batches of some marks, each once.
    package mutating func note(_ marks: [TraceMark], _ stage: String, _ log: Log) {
        var seen: [[UInt8]] = []
        for mark in marks where !seen.contains(mark.traceID) {
            seen.append(mark.traceID)
            note(mark.traceID, stage, log)
        }
    }

    /// Hands over what was noted.
    package mutating func take() -> [TracePoint] {
        defer { points = [] }
        return points
    }

    package static func isTrace(_ traceID: [UInt8]) -> Bool { traceID.count == idBytes }

    /// As in logs: 32 hexadecimal digits.
    package static func text(_ traceID: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(traceID.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
