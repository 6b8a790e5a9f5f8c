/// A record that was refused, kept with the reason so that it can be corrected and sent again.
package struct RejectRecord: Sendable, Equatable {
    package var producer: String
    package var epoch: UInt64
    package var sequence: UInt64
    /// Place in the batch.
    package var index: Int
    /// The number of the wire's error code.
    package var code: Int
    package var message: String
    package var record: [UInt8]
    package var receivedMs: Int64

    package init(
        producer: String, epoch: UInt64, sequence: UInt64, index: Int, code: Int,
        message: String, record: [UInt8], receivedMs: Int64
    ) {
        self.producer = producer
        self.epoch = epoch
        self.sequence = sequence
        self.index = index
        self.code = code
        self.message = message
        self.record = record
        self.receivedMs = receivedMs
    }
}

extension RejectRecord {
    /// What counts towards the limit of bytes.
    var keptBytes: Int { record.count + message.utf8.count }
}

/// A refused record with its place in the list.
package struct StoredReject: Sendable, Equatable {
    /// Rises from 1 in the order of arrival.
    package var id: Int64
    package var reject: RejectRecord
    /// When its record was sent again and taken; 0 if it was not.
    package var retriedMs: Int64 = 0
    package var retriedBy = ""

    package init(id: Int64, reject: RejectRecord) {
        self.id = id
        self.reject = reject
    }
}
