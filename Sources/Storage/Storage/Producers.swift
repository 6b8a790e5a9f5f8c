/// One accepted batch of a producer, with the encoded reply to be repeated if it is sent again.
package struct ProducerBatch: Sendable, Equatable {
    package var producer: String
    package var epoch: UInt64
    package var sequence: UInt64
    package var reply: [UInt8]

    package init(producer: String, epoch: UInt64, sequence: UInt64, reply: [UInt8]) {
        self.producer = producer
        self.epoch = epoch
        self.sequence = sequence
        self.reply = reply
    }
}

/// How far a producer has come.
package struct ProducerState: Sendable, Equatable {
    package var epoch: UInt64
    package var lastSequence: UInt64

    package init(epoch: UInt64, lastSequence: UInt64) {
        self.epoch = epoch
        self.lastSequence = lastSequence
    }
}
