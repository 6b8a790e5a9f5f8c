package import Learning

/// The mix as one recommender among others, for evaluation: numbers are those of the catalogue.
extension ModelSet: Recommender {
    package var itemCount: Int { catalogue.count }

    package func scores(for history: Learning.History) -> [Float] {
        var taste = Taste()
        for entry in history.latest(weights.signalsMax) {
            taste.seeds.append(entry.item)
            taste.strengths.append(entry.weight)
        }
        weigh(&taste)
        return mixed(taste)
    }
}
