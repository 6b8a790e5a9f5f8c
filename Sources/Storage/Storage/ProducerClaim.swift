/// A producer's name that a key uses, and that no other may use from then on.
package struct ProducerClaim: Sendable, Equatable {
    package var producer: String
    /// The key's text.
    package var owner: String

    package init(producer: String, owner: String) {
        self.producer = producer
        self.owner = owner
    }
}

/// Event ids that one key sent, as ingest writes them.
package struct EventIDRun: Sendable, Equatable {
    /// The key's text.
    package var owner: String
    package var bytes: [UInt8]

    package init(owner: String, bytes: [UInt8]) {
        self.owner = owner
        self.bytes = bytes
    }
}
