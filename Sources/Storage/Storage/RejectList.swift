package import Messages

/// Refused and quarantined records as the wire tells of them.
package struct RejectList {
    private let log: SQLiteEventLog
    private let folder: String
    private static let rowsMax = 1000
    /// Of records in one answer, so that it fits a frame.
    private static let bytesMax = 1 << 20

    /// The log and the folder that it lies in.
    package init(log: SQLiteEventLog, folder: String) {
        self.log = log
        self.folder = folder
    }

    /// Answers a request to list.
    package func answer(_ request: RejectsRequest) throws(StorageError) -> Rejects {
        var answer = try account()
        if request.quarantined {
            answer.rejects = try quarantined(after: request.after)
            return answer
        }
        var filter = RejectFilter()
        filter.after = Int64(clamping: request.after)
        filter.limit = request.limit == 0 ? 100 : min(Int(request.limit), Self.rowsMax)
        filter.ids = request.ids.map { Int64(bitPattern: $0) }
        filter.code = request.code == .noError ? nil : Int(request.code.rawValue)
        filter.producer = request.producer.isEmpty ? nil : request.producer
        filter.sinceMs = request.sinceMs == 0 ? nil : request.sinceMs
        answer.rejects = try log.rejects(filter, bytesMax: Self.bytesMax).map(Self.wire)
        return answer
    }

    /// How many there are, and what became of those that are gone.
    package func account() throws(StorageError) -> Rejects {
        let account = try log.rejectAccount()
        var answer = Rejects()
        answer.kept = account.rows
        answer.dropped = account.dropped
        answer.evicted = account.evicted
        answer.retried = account.retried
        answer.counts = try log.rejectCounts().sorted { $0.key < $1.key }.map { code, count in
            var value = NamedValue()
            value.name = ErrorCode(rawValue: Int32(truncatingIfNeeded: code)).name
            value.value = Double(count)
            return value
        }
        return answer
    }

    /// The list is small and rarely asked for, and feature workers write it: read anew each time.
    private func quarantined(after: UInt64) throws(StorageError) -> [RejectedRecord] {
        let list = try Quarantine(folder: folder).records.enumerated()
            .dropFirst(Int(clamping: after))
        var bytes = 0
        return list.prefix { entry in
            bytes += entry.element.record.count
            return bytes < Self.bytesMax
        }.map { Self.wire($0.element, number: $0.offset + 1) }
    }

    private static func wire(_ stored: StoredReject) -> RejectedRecord {
        var wire = RejectedRecord()
        wire.id = UInt64(bitPattern: stored.id)
        wire.producer = stored.reject.producer
        wire.epoch = stored.reject.epoch
        wire.sequence = stored.reject.sequence
        wire.index = UInt32(clamping: stored.reject.index)
        wire.code = ErrorCode(rawValue: Int32(truncatingIfNeeded: stored.reject.code))
        wire.message = stored.reject.message
        wire.receivedMs = stored.reject.receivedMs
        wire.record = stored.reject.record
        wire.retriedMs = stored.retriedMs
        wire.retriedBy = stored.retriedBy
        return wire
    }

    /// A quarantined record's number is its place in the list.
    private static func wire(_ record: QuarantinedRecord, number: Int) -> RejectedRecord {
        var wire = RejectedRecord()
        wire.id = UInt64(number)
        wire.code = .recordPoisoned
        wire.message = record.reason
        wire.receivedMs = record.atMs
        wire.record = record.record
        wire.partition = UInt32(clamping: record.partition)
        wire.offset = record.offset
        return wire
    }
}
