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
        let path = "\(folder.keysFolder)/authorised.json5"
        do {
            return try parse(Files.readText(path, bytesMax: 1 << 20))
        } catch {
            throw StartFailure(
                .configuration, "cannot use \(path): \(error)",
                hint:
                    "each line must be: \"PUBLIC KEY\": {name: \"…\", may: [\"produce\", \"ask\"]}")
        }
    }

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

    /// For the authenticator: each known key, with its text as the user id that messages carry.
    package var users: [PublicKey: String] {
        var users: [PublicKey: String] = [:]
        for key in entries.keys {
            if let publicKey = PublicKey(text: key) { users[publicKey] = key }
        }
        return users
    }

    /// Who may connect, per domain, where other hosts can: those who may do something there. Who
    /// hears of users must be allowed to ask for them, since a publisher never learns who listens.
    package var reserved: [String: Set<PublicKey>] {
        [
            SocketRole.audiencePublisher.domain: keys(allowed: [.ask, .operate, .internal]),
            SocketRole.scoringServer.domain: keys(allowed: [.ask, .operate, .internal]),
            SocketRole.eventServer.domain: keys(allowed: [.produce, .operate, .internal]),
        ]
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
