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

/// So many event ids of one key.
package struct EventIDOwner: Sendable, Equatable {
    /// The key's text.
    package var owner: String
    package var count: Int

    package init(owner: String, count: Int) {
        self.owner = owner
        self.count = count
    }
}
