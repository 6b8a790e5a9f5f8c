package import Expressions

/// Reads the values of slots from states, for whoever keeps them by column.
package struct SlotReader: Sendable {
    private let sources: [NumberSource]
    private let textSources: [TextSource]

    /// Slots that no state has, as tags, are unknown.
    package init(slots: [Slot], textSlots: [TextSlot]) {
        sources = slots.map { NumberSource($0, tags: [:]) }
        textSources = textSlots.map { TextSource($0) }
    }

    /// In the order of the slots.
    package func numbers(of view: UserView) -> [Double] { sources.map { view.number($0) } }

    /// In the order of the text slots.
    package func texts(of view: UserView) -> [String?] { textSources.map { view.text($0) } }
}
