package import Learning

/// The mix as one recommender among others, for evaluation: numbers are those of the catalogue.
extension ModelSet: Recommender {
    package var itemCount: Int { catalogue.count }

    package func scores(for history: Learning.History) -> [Float] { mixed(taste(of: history)) }

    /// The taste of a numbered history; only its last `signalsMax` rows count, as a user's state
    /// keeps no more.
    package func taste(of history: Learning.History) -> Taste {
        var taste = Taste()
        taste.generation = generation
        taste.catalogueCount = catalogue.count
        let rows = history.items.indices.suffix(weights.signalsMax)
        let recent = Learning.History(
            items: Array(history.items[rows]), weights: Array(history.weights[rows]))
        for entry in recent.latest(weights.signalsMax) {
            taste.seeds.append(entry.item)
            taste.strengths.append(entry.weight)
        }
        // As with the shop's own exclusions: what was had must not crowd out the candidates.
        taste.purchased = Array(Set(history.items)).sorted()
        weigh(&taste)
        return taste
    }
}
