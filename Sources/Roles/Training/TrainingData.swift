import Features
package import Identity
package import Learning
package import Messages

/// Everything the trainer has pulled so far, as columns of numbers.
package struct TrainingData: Sendable {
    package private(set) var users = Vocabulary()
    package private(set) var items = Vocabulary()
    package private(set) var categories = Vocabulary()
    /// Category of each item by its number; -1 when none was told.
    package private(set) var itemCategories: [Int32] = []

    package private(set) var interactionUsers: [Int32] = []
    package private(set) var interactionItems: [Int32] = []
    package private(set) var interactionTypes: [UInt8] = []
    package private(set) var interactionTimesMs: [Int64] = []

    package private(set) var exampleUsers: [Int32] = []
    package private(set) var exampleTimesMs: [Int64] = []
    /// Row after row.
    package private(set) var exampleFeatures: [Float] = []
    package private(set) var featureCount = 0
    /// Examples of another width than the first, made by another version of the features, and
    /// damaged ones.
    package private(set) var examplesSkipped = 0
    package private(set) var newestMs: Int64 = 0
    private let interactionsMax: Int
    private let examplesMax: Int

    package init(interactionsMax: Int, examplesMax: Int = 250_000) {
        self.interactionsMax = max(4, interactionsMax)
        self.examplesMax = max(4, examplesMax)
    }

    package var interactionCount: Int { interactionUsers.count }
    package var exampleCount: Int { exampleUsers.count }

    package mutating func add(_ entry: OutboxEntry) {
        switch entry.content {
        case .interaction(let interaction): add(interaction)
        case .example(let example): add(example)
        case nil: break
        }
    }

    private mutating func add(_ interaction: Interaction) {
        guard !interaction.itemID.isEmpty, interaction.type > 0, interaction.type < 256,
            StateLimits.timesMs.contains(interaction.timeMs)
        else { return }
        newestMs = max(newestMs, interaction.timeMs)
        let item = items.number(adding: interaction.itemID)
        if Int(item) == itemCategories.count { itemCategories.append(-1) }
        if !interaction.category.isEmpty {
            itemCategories[Int(item)] = categories.number(adding: interaction.category)
        }
        interactionUsers.append(users.number(adding: interaction.userID))
        interactionItems.append(item)
        interactionTypes.append(UInt8(interaction.type))
        interactionTimesMs.append(interaction.timeMs)
        if interactionUsers.count > interactionsMax { dropOldInteractions() }
    }

    private mutating func add(_ example: Example) {
        let features = example.features ?? []
        if featureCount == 0 { featureCount = features.count }
        guard features.count == featureCount, featureCount > 0,
            StateLimits.timesMs.contains(example.timeMs)
        else {
            examplesSkipped += 1
            return
        }
        newestMs = max(newestMs, example.timeMs)
        exampleUsers.append(users.number(adding: example.userID))
        exampleTimesMs.append(example.timeMs)
        exampleFeatures.append(contentsOf: features)
        if exampleUsers.count > examplesMax { dropOldExamples() }
    }

    /// The oldest quarter by arrival goes, so that memory is bounded and dropping is rare.
    private mutating func dropOldInteractions() {
        let gone = interactionUsers.count / 4
        interactionUsers.removeFirst(gone)
        interactionItems.removeFirst(gone)
        interactionTypes.removeFirst(gone)
        interactionTimesMs.removeFirst(gone)
    }

    private mutating func dropOldExamples() {
        let gone = exampleUsers.count / 4
        exampleUsers.removeFirst(gone)
        exampleTimesMs.removeFirst(gone)
        exampleFeatures.removeFirst(gone * featureCount)
    }

    /// The same with all identifiers of a person as one user. Features of an example stay those of
    /// the identifier that it was made for; what was bought afterwards counts for all of them.
    package func joining(_ graph: IdentityGraph) -> TrainingData {
        guard graph.linkCount > 0 else { return self }
        var joined = self
        let persons = users.names.map { joined.users.number(adding: graph.person(of: $0)) }
        joined.interactionUsers = interactionUsers.map { persons[Int($0)] }
        joined.exampleUsers = exampleUsers.map { persons[Int($0)] }
        return joined
    }

    /// The interactions with a weight above zero, for the recommenders.
    package func interactions(weight: (EventType) -> Double) -> Interactions {
        let weights = (0..<256).map { type in
            Float(weight(EventType(rawValue: Int32(type))))
        }
        var result = Interactions(userNames: users, itemNames: items)
        for row in interactionUsers.indices {
            let weight = weights[Int(interactionTypes[row])]
            guard weight > 0, weight.isFinite else { continue }
            result.append(
                user: interactionUsers[row], item: interactionItems[row], weight: weight,
                timeMs: interactionTimesMs[row])
        }
        return result
    }
}
