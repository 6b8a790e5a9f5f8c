import Events
import Identity

/// What the group under way changed in the catalogue and the links, which later records of the same
/// group are stamped and judged by already. Once the group is on disk this is forgotten; if it
/// could not be written, it is taken back.
struct GroupUndo {
    var items: [ItemDirectory.Undo] = []
    var links: [IdentityGraph.Change] = []

    /// As both were when the group began; nothing is left to take back afterwards.
    mutating func takeBack(_ directory: inout ItemDirectory, _ graph: inout IdentityGraph) {
        for undo in items.reversed() { directory.takeBack(undo) }
        for change in links.reversed() { graph.takeBack(change) }
        self = GroupUndo()
    }
}
