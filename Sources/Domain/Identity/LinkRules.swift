package import Events
package import Messages

/// Which links are taken: what keeps strangers from becoming one person.
package struct LinkRules: Sendable, Equatable {
    /// Identifiers of one person. Persons have a handful; hundreds are a shared device or a
    /// placeholder.
    package var identifiersMax: Int
    private let blocked: Set<String>

    /// What shops write where they know nobody, in small letters.
    package static let placeholders: [String] = [
        "null", "nil", "none", "undefined", "unknown", "n/a", "na", "nan", "anonymous", "anon",
        "guest", "visitor", "test", "user", "default", "0", "-1", "-",
        "00000000-0000-0000-0000-000000000000",
    ]

    /// `blocked` are identifiers of this shop that are nobody's, besides the placeholders.
    package init(identifiersMax: Int = 50, blocked: [String] = []) {
        self.identifiersMax = identifiersMax
        self.blocked = Set((Self.placeholders + blocked).map { $0.lowercased() })
    }

    /// Why a link is not taken; nil if it is. Undoing is never refused.
    package func refusal(of link: Link, in graph: IdentityGraph) -> Refusal? {
        if link.userID.isEmpty || (link.otherID.isEmpty && !link.undo) {
            return Refusal(.userMissing, "a link needs user_id and other_id")
        }
        if max(link.userID.utf8.count, link.otherID.utf8.count) > RecordLimits.idBytesMax {
            return Refusal(
                .textTooLong, "an identifier has at most \(RecordLimits.idBytesMax) bytes")
        }
        if link.source.utf8.count > RecordLimits.wordBytesMax {
            return Refusal(.textTooLong, "source has at most \(RecordLimits.wordBytesMax) bytes")
        }
        if link.undo { return nil }
        if link.userID == link.otherID {
            return Refusal(.linkToItself, "\(link.userID) is linked to itself")
        }
        for id in [link.userID, link.otherID] where blocked.contains(id.lowercased()) {
            return Refusal(
                .identifierBlocked,
                "\"\(id)\" is nobody's identifier: it would make one person of strangers")
        }
        let here = graph.identifiers(of: link.userID)
        guard !here.contains(link.otherID) else { return nil }
        let there = graph.identifiers(of: link.otherID)
        guard here.count + there.count <= identifiersMax else {
            return Refusal(
                .personTooLarge,
                "\(here[0]) has \(here.count) identifiers and \(there[0]) \(there.count): a person "
                    + "may have \(identifiersMax) (ingest.identifiersMax). A device that many "
                    + "share, or a placeholder? limn identity shows them")
        }
        return nil
    }
}
