import Numerics

extension ModelSet {
    /// Items like one item: its neighbours, then the popular of its category, then any; never the
    /// item itself, never what is unavailable.
    package func similar(to item: Int32, count: Int) -> [Pick] {
        var taste = Taste()
        if Int(item) < modelled {
            taste.seeds = [item]
            taste.strengths = [1]
            weigh(&taste)
        }
        var ask = Ask(taste: taste)
        ask.count = count
        ask.exclude = [catalogue.ids[Int(item)]]
        return recommend(ask).picks
    }

    /// The score of each item for a user, in the order given; nil for items nobody knows.
    package func scores(of items: [String], _ taste: Taste) -> [Pick?] {
        var ask = Ask(taste: taste)
        // Item-to-item counts every neighbour here, not only the candidates.
        ask.category = "*"
        let near = Near(self, ask)
        return items.map { id in catalogue.find(id).map { pick($0, taste, near) } }
    }
}
