import Events
import Messages
import Runtime
import Storage

/// Whose the names of producers are. A name belongs to the first key that uses it, so that nobody
/// goes on in another's numbers; a key has so many names and no more, since each costs memory and
/// disk for as long as it is remembered. Pure.
struct ProducerNames {
    /// Names of one key.
    let namesMax: Int
    /// Whether a key may still do anything; the names of one that may not are free.
    let isKnown: (String) -> Bool
    /// Whether a key may have any number of names: an operator's imports have one for each file.
    let isUnbounded: (String) -> Bool
    /// Names that the group under way gives to keys.
    private(set) var claims: [ProducerClaim] = []

    init(
        namesMax: Int = 1000, isKnown: @escaping (String) -> Bool = { _ in true },
        isUnbounded: @escaping (String) -> Bool = { _ in false }
    ) {
        self.namesMax = namesMax
        self.isKnown = isKnown
        self.isUnbounded = isUnbounded
    }

    /// Why a key may not use a name; nil if it may. `owner` is nil where the name is nobody's, and
    /// `held` says how many names the key has in the log.
    func refusal(
        of producer: String, owner: String?, by sender: String, held: (String) throws -> Int
    ) rethrows -> Refusal? {
        if owner == sender || Fault.anyName.isOn { return nil }
        if let owner, isKnown(owner) {
            return Refusal(
                .producerTaken,
                "the producer \(producer) belongs to another key: choose another name, or send "
                    + "with that key")
        }
        if isUnbounded(sender) { return nil }
        let names = try held(sender) + claims.count { $0.owner == sender }
        guard names >= namesMax else { return nil }
        return Refusal(
            .producersTooMany,
            "this key has \(names) names of producers (ingest.producersPerKey): use one of them; "
                + "those that are silent are forgotten after retention.producerAge")
    }

    /// The key uses the name, which is nobody's or a key's that is known no more.
    mutating func claim(_ producer: String, by sender: String) {
        claims.append(ProducerClaim(producer: producer, owner: sender))
    }

    /// The claims of the group, which goes to the disk.
    mutating func take() -> [ProducerClaim] {
        defer { claims.removeAll(keepingCapacity: true) }
        return claims
    }
}

extension BatchResult {
    /// What is kept of a result to be repeated: all of it, or its counts and the places and codes
    /// of the first rejects, so that a batch of rejects does not cost many times its own bytes.
    func encoded(atMost bytesMax: Int) -> [UInt8] {
        let whole = encoded()
        guard whole.count > bytesMax else { return whole }
        var short = self
        short.rejects = rejects.prefix((bytesMax - Self.headBytes) / Self.rejectBytes).map {
            var bare = $0
            bare.message = ""
            return bare
        }
        return short.encoded()
    }

    /// Of everything but the rejects, and of a reject without its message, at most.
    private static let headBytes = 64
    private static let rejectBytes = 12
}
