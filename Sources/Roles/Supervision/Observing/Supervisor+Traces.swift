import Messages

/// What the roles have noted of traced batches, for whoever asks by trace id.
extension Supervisor {
    private static let pointsMax = 1024

    func take(_ traces: [TracePoint], of slot: Slot) {
        for var point in traces {
            point.role = "\(slot)"
            points.append(point)
        }
        if points.count > Self.pointsMax { points.removeFirst(points.count - Self.pointsMax) }
    }
}
