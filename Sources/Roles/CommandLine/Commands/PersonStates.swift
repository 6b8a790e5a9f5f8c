import Features
import Identity

/// Puts the states of each person's identifiers together, as they come by in any order.
struct PersonStates {
    private let graph: IdentityGraph
    private var waiting: [String: UserState] = [:]

    init(_ graph: IdentityGraph) { self.graph = graph }

    /// The state back if its user has no other identifier; else it waits for them.
    mutating func take(_ state: UserState) -> UserState? {
        if graph.isAlone(state.userID) { return state }
        waiting[state.userID] = state
        return nil
    }

    /// Once all were taken: lends every person of several identifiers.
    func forEachJoined(_ body: (UserState) throws -> Void) rethrows {
        guard !waiting.isEmpty else { return }
        for person in graph.persons {
            let states = person.identifiers.compactMap { waiting[$0] }
            if let state = UserState.person(person.name, of: states) { try body(state) }
        }
    }
}
