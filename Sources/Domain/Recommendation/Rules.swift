extension ModelSet {
    /// Pushes out what may not be shown and counts it by rule; the category was counted before.
    func bar(
        _ ask: Ask, _ candidates: [Int32]?, _ total: inout [Float], _ selection: inout Selection
    ) {
        let category = candidates == nil ? nil : catalogue.tree.find(ask.category)
        func drop(_ items: [Int32], _ rule: Rule) {
            for item in items where total[Int(item)] > barred / 2 {
                total[Int(item)] = barred
                if let category,
                    !catalogue.tree.isBelow(
                        catalogue.categories[Int(item)], category)
                {
                    continue
                }
                selection.filtered[rule.rawValue] += 1
            }
        }
        selection.filtered[Rule.unavailable.rawValue] =
            candidates.map { $0.count { catalogue.unavailable[Int($0)] } }
            ?? catalogue.unavailableCount
        if leftOut.hidden { drop(ask.taste.hidden, .hidden) }
        if leftOut.purchased && !ask.includesPurchased { drop(ask.taste.purchased, .purchased) }
        if leftOut.inCart && !ask.includesCart { drop(ask.taste.inCart, .cart) }
        drop(ask.taste.rated, .rated)
        drop(ask.taste.viewed, .viewed)
        drop(ask.exclude.compactMap(catalogue.find), .excluded)
    }
}
