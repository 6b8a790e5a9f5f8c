import Foundation
package import Messages
import System
package import ZeroMQ

/// Who may do what: the table of `keys/authorised.json5`, asked for every message.
package struct Authorisation: Sendable {
    /// What a key can be allowed.
    package enum Verb: String, Sendable, CaseIterable, Codable {
        case produce, ask, operate, `internal`
    }

    struct Entry: Sendable, Decodable, Equatable {
        let name: String
        let may: Set<Verb>
    }

    private let entries: [String: Entry]

    init(entries: [String: Entry]) {
        self.entries = entries
    }

    /// Reads the table; refuses one with keys that are no keys or verbs that are none.
    package static func load(_ folder: DataFolder) throws(StartFailure) -> Authorisation {
        try read(folder.authorisedFile).table
    }

    /// The table of a file, and its text.
    package static func read(
        _ path: String
    ) throws(StartFailure) -> (table: Authorisation, text: String) {
        do {
            let text = try Files.readText(path, bytesMax: fileBytesMax)
            return (try parse(text), text)
        } catch {
            throw StartFailure(
                .configuration, "cannot use \(path): \(error)",
                hint:
                    "each line must be: \"PUBLIC KEY\": {name: \"…\", may: [\"produce\", \"ask\"]}")
        }
    }

    /// The largest table: some thousands of keys.
    static let fileBytesMax = 1 << 20

    static func parse(_ text: String) throws -> Authorisation {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let entries = try decoder.decode([String: Entry].self, from: Data(text.utf8))
        for key in entries.keys where PublicKey(text: key) == nil {
            throw StartFailure(.configuration, "\"\(key)\" is not a public key")
        }
        return Authorisation(entries: entries)
    }

    /// Whether the holder of a key may send a kind; a message without a user id may nothing.
    package func allows(_ userID: String?, _ kind: Kind) -> Bool {
        guard let userID, let entry = entries[userID] else { return false }
        guard let verbs = Self.verbs(for: kind) else { return false }
        return !entry.may.isDisjoint(with: verbs)
    }

    /// Refuses a table without the roles' own key, which would make the cluster deaf to itself.
    package func requireInternal(_ own: KeyPair) throws(StartFailure) {
        guard entries[own.publicKey.text]?.may.contains(.internal) == true else {
            throw StartFailure(
                .configuration, "keys/authorised.json5 does not let the roles' own key in",
                hint: "\"\(own.publicKey.text)\" must be there, and may \"internal\"")
        }
    }

    /// For the authenticator: each known key, with its text as the user id that messages carry.
    package var users: [PublicKey: String] {
        var users: [PublicKey: String] = [:]
        for key in entries.keys {
            if let publicKey = PublicKey(text: key) { users[publicKey] = key }
        }
        return users
    }

    /// Who may connect, per domain, where other hosts can: those who may do something there. Who
    /// hears of users or models must be allowed to ask for them, since a publisher never learns who
    /// listens: a key that only sends events hears neither models nor who changed nor who is in
    /// which audience.
    package var reserved: [String: Set<PublicKey>] {
        [
            SocketRole.publisher.domain: listeners,
            SocketRole.audiencePublisher.domain: listeners,
            SocketRole.scoringServer.domain: listeners,
            SocketRole.eventServer.domain: keys(allowed: [.produce, .operate, .internal]),
        ]
    }

    /// Whether somebody who could hear publishers can no longer: their connections must be cut,
    /// since a publisher never hears who listens.
    package func silences(_ past: Authorisation) -> Bool {
        !past.listeners.isSubset(of: listeners)
    }

    private var listeners: Set<PublicKey> { keys(allowed: [.ask, .operate, .internal]) }

    /// What became of each key, for people.
    package func changes(from past: Authorisation) -> [String] {
        Set(entries.keys).union(past.entries.keys).sorted().compactMap { key in
            switch (past.entries[key], entries[key]) {
            case (let before?, nil): "key \(before.name): revoked"
            case (nil, let now?): "key \(now.name): may \(Self.words(now))"
            case (let before?, let now?) where before != now:
                "key \(now.name): may \(Self.words(before)) → \(Self.words(now))"
            default: nil
            }
        }
    }

    private static func words(_ entry: Entry) -> String {
        let verbs = Verb.allCases.filter { entry.may.contains($0) }.map(\.rawValue)
        return verbs.isEmpty ? "nothing" : verbs.joined(separator: ", ")
    }

    private func keys(allowed verbs: Set<Verb>) -> Set<PublicKey> {
        Set(
            entries.filter { !$0.value.may.isDisjoint(with: verbs) }.keys
                .compactMap { PublicKey(text: $0) })
    }

    /// Whether a key may do anything at all.
    package func knows(_ userID: String) -> Bool { entries[userID] != nil }

    package func may(_ userID: String, _ verb: Verb) -> Bool {
        entries[userID]?.may.contains(verb) ?? false
    }

    /// How many keys are allowed something.
    package func count(allowed verb: Verb) -> Int { entries.values.count { $0.may.contains(verb) } }

    /// The name a key goes by.
    package func name(of userID: String) -> String { entries[userID]?.name ?? "unknown" }

    /// Any of these verbs allows the kind; nil = nobody sends it to a server.
    static func verbs(for kind: Kind) -> Set<Verb>? {
        switch kind {
        case .eventBatch: [.produce]
        case .profileRequest, .recommendRequest, .similarRequest, .scoreRequest, .predictRequest:
            [.ask]
        case .rejectsRequest: [.operate]
        case .modelsRequest, .audienceRequest: [.ask, .operate, .internal]
        case .trainRequest, .stop, .statusRequest, .scaleRequest, .restartRequest,
            .reloadRequest:
            [.operate, .internal]
        // The log holds every user's events, so only operators and roles read it.
        case .fetch, .stateRequest, .retentionRequest: [.operate, .internal]
        case .hello, .ready, .alive, .stopping, .holding: [.internal]
        default: nil
        }
    }
}
