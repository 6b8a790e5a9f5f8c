package import Messages

/// Who is who: identifiers that links join into persons.
///
/// Nothing moves when two identifiers are joined. Each keeps the state that its own events made,
/// and a person's profile is the sum of those (`UserState.person(of:)` in Features). So one record
/// of the log joins two histories at once and whole, and undoing it takes away exactly what it
/// added, however much has happened since.
///
/// Pure, and a fold of the log's links in their order: whoever reads them has the same graph.
package struct IdentityGraph: Sendable {
    /// What is known of a link.
    package struct Edge: Sendable, Equatable {
        /// The better known of the two, as the link said.
        package var known: String
        package var timeMs: Int64
        package var source: String
        /// The two identifiers in rising order: of two links of one time the first by these is
        /// the older one, so that the age of a link does not depend on its place in the log, where
        /// retention may have written it again.
        fileprivate var pair: [String]
    }

    /// An edge that came or went, to be taken back by ``takeBack(_:)``.
    package struct Change: Sendable {
        fileprivate var one: String
        fileprivate var other: String
        fileprivate var edge: Edge
        fileprivate var isAdded: Bool
    }

    private var neighbours: [String: [String: Edge]] = [:]
    /// Links that hold at present.
    package private(set) var linkCount = 0

    package init() {}

    /// Identifiers with at least one link.
    package var identifierCount: Int { neighbours.count }

    /// Applies a link or its undoing; returns whether anything changed. What is linked already,
    /// also by way of others, may be linked again: a cycle is more evidence and no error.
    @discardableResult
    package mutating func apply(_ link: Link) -> Bool { !applied(link).isEmpty }

    /// As ``apply(_:)``, and says what changed, for whoever may have to take it back.
    package mutating func applied(_ link: Link) -> [Change] {
        if link.undo {
            let others =
                link.otherID.isEmpty
                ? neighbours[link.userID].map { Array($0.keys) } ?? [] : [link.otherID]
            return others.compactMap { remove(link.userID, $0) }
        }
        guard !link.userID.isEmpty, !link.otherID.isEmpty, link.userID != link.otherID,
            neighbours[link.userID]?[link.otherID] == nil
        else { return [] }
        let edge = Edge(
            known: link.userID, timeMs: link.timeMs, source: link.source,
            pair: [link.userID, link.otherID].sorted())
        add(edge, link.userID, link.otherID)
        return [Change(one: link.userID, other: link.otherID, edge: edge, isAdded: true)]
    }

    /// As it was before a change; of several the newest is taken back first.
    package mutating func takeBack(_ change: Change) {
        if change.isAdded {
            _ = remove(change.one, change.other)
        } else {
            add(change.edge, change.one, change.other)
        }
    }

    private mutating func add(_ edge: Edge, _ one: String, _ other: String) {
        neighbours[one, default: [:]][other] = edge
        neighbours[other, default: [:]][one] = edge
        linkCount += 1
    }

    private mutating func remove(_ one: String, _ other: String) -> Change? {
        guard let edge = neighbours[one]?.removeValue(forKey: other) else { return nil }
        neighbours[other]?[one] = nil
        if neighbours[one]?.isEmpty == true { neighbours[one] = nil }
        if neighbours[other]?.isEmpty == true { neighbours[other] = nil }
        linkCount -= 1
        return Change(one: one, other: other, edge: edge, isAdded: false)
    }

    /// True if the identifier has no link.
    @inline(__always)
    package func isAlone(_ id: String) -> Bool { neighbours[id] == nil }

    /// All identifiers of the person that `id` is of: first the one the person goes by, then in the
    /// order in which they came to it. An identifier without links is a person of its own.
    package func identifiers(of id: String) -> [String] {
        guard !isAlone(id) else { return [id] }
        let oldest = component(of: id)
        let first = oldest.values.min(by: Self.isOlder)?.known ?? id
        return [first]
            + oldest.filter { $0.key != first }
            .sorted {
                Self.isOlder($0.value, $1.value)
                    || (!Self.isOlder($1.value, $0.value) && $0.key < $1.key)
            }.map(\.key)
    }

    /// The identifier that the person goes by.
    package func person(of id: String) -> String {
        isAlone(id) ? id : identifiers(of: id)[0]
    }

    /// As ``identifiers(of:)`` with how each came to the person; empty for one without links.
    package func identities(of id: String) -> [Identity] {
        guard !isAlone(id) else { return [] }
        return identifiers(of: id).map { identifier in
            let edges = neighbours[identifier] ?? [:]
            let oldest = edges.values.min(by: Self.isOlder)
            var identity = Identity()
            identity.userID = identifier
            identity.linkedMs = oldest?.timeMs ?? 0
            identity.source = oldest?.source ?? ""
            identity.links = UInt32(edges.count)
            return identity
        }
    }

    /// The links of an identifier, oldest first.
    package func links(of id: String) -> [(other: String, edge: Edge)] {
        (neighbours[id] ?? [:]).sorted { Self.isOlder($0.value, $1.value) }
            .map { ($0.key, $0.value) }
    }

    /// Persons of more than one identifier, by the name they go by.
    package var persons: [(name: String, identifiers: [String])] {
        var seen: Set<String> = []
        var persons: [(name: String, identifiers: [String])] = []
        for id in neighbours.keys.sorted() where !seen.contains(id) {
            let all = identifiers(of: id)
            seen.formUnion(all)
            persons.append((all[0], all))
        }
        return persons
    }

    private static func isOlder(_ one: Edge, _ other: Edge) -> Bool {
        (one.timeMs, one.pair[0], one.pair[1]) < (other.timeMs, other.pair[0], other.pair[1])
    }

    /// The oldest link of each identifier that can be reached from `id`.
    private func component(of id: String) -> [String: Edge] {
        var found: [String: Edge] = [:]
        var open = [id]
        while let here = open.popLast() {
            guard found[here] == nil, let edges = neighbours[here],
                let oldest = edges.values.min(by: Self.isOlder)
            else { continue }
            found[here] = oldest
            open += edges.keys
        }
        return found
    }
}
