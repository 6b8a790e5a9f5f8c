import Foundation
import Learning
import Numerics

extension ModelSet {
    /// The catalogue's index of each id, added where it was unknown.
    static func rows(_ ids: [String], in catalogue: inout Catalogue) -> [Int32] {
        ids.map { catalogue.intern($0, category: "") }
    }

    /// Adds every item of the popularity model with its category.
    static func add(
        _ model: PopularityModel, _ categories: [String], to catalogue: inout Catalogue
    ) {
        for (place, id) in model.items.names.enumerated() {
            let number = place < model.categories.count ? Int(model.categories[place]) : -1
            _ = catalogue.intern(
                id, category: categories.indices.contains(number) ? categories[number] : "")
        }
    }

    /// Decayed counts on a scale from 0 to 1, over all items.
    static func lay(_ model: PopularityModel?, over catalogue: Catalogue) -> [Float] {
        var laid = [Float](repeating: 0, count: catalogue.count)
        guard let model, let top = model.counts.max(), top > 0 else { return laid }
        let scale = 1 / log1p(Double(top))
        for (id, count) in zip(model.items.names, model.counts) where count > 0 {
            if let item = catalogue.find(id) {
                laid[Int(item)] = Float(log1p(Double(count)) * scale)
            }
        }
        return laid
    }

    /// The same lists with rows and neighbours named by the catalogue's index.
    static func lay(_ lists: NeighbourLists, rows: [Int32], count: Int) -> NeighbourLists {
        var local = [Int](repeating: -1, count: count)
        for (place, row) in rows.enumerated() { local[Int(row)] = place }
        var offsets = [0]
        var items: [Int32] = []
        var scores: [Float] = []
        offsets.reserveCapacity(count + 1)
        items.reserveCapacity(lists.items.count)
        scores.reserveCapacity(lists.items.count)
        for place in local {
            if place >= 0 {
                for entry in lists.offsets[place]..<lists.offsets[place + 1] {
                    items.append(rows[Int(lists.items[entry])])
                    scores.append(lists.scores[entry])
                }
            }
            offsets.append(items.count)
        }
        return NeighbourLists(offsets: offsets, items: items, scores: scores)
    }

    /// Factors with a last column left for the priors, and the normal matrix of the fold-in.
    static func lay(_ model: ALSModel?, rows: [Int32], count: Int) -> (Matrix, Matrix?) {
        guard let model, model.itemFactors.columns > 0 else {
            return (Matrix(rows: count, columns: 1), nil)
        }
        let width = model.itemFactors.columns
        var laid = Matrix(rows: count, columns: width + 1)
        for (place, row) in rows.enumerated() {
            let target = Int(row) * (width + 1)
            laid.elements.replaceSubrange(
                target..<target + width,
                with: model.itemFactors.elements[place * width..<(place + 1) * width])
        }
        let normal = LeastSquaresSweep.normal(
            model.itemFactors, regularisation: model.regularisation)
        return (laid, normal)
    }

    /// The most popular items of each category that have any popularity, best first.
    static func ranked(_ popularity: [Float], by catalogue: Catalogue) -> [[Int32]] {
        catalogue.itemsByCategory.map { items in
            let liked = items.filter { popularity[Int($0)] > 0 }
            let sorted = liked.sorted {
                let (a, b) = (popularity[Int($0)], popularity[Int($1)])
                return a > b || (a == b && $0 < $1)
            }
            return Array(sorted.prefix(popularPerCategory))
        }
    }

    /// How often each item was chosen, on any scale: as item-to-item counts it, else popularity.
    static func chosen(
        _ popularity: PopularityModel?, _ neighbours: ItemToItemModel?, over catalogue: Catalogue
    ) -> [Float] {
        var chosen = [Float](repeating: 0, count: catalogue.count)
        let names = neighbours?.items.names ?? popularity?.items.names ?? []
        for (id, count) in zip(names, neighbours?.popularity ?? popularity?.counts ?? []) {
            if let item = catalogue.find(id) { chosen[Int(item)] = max(0, count) }
        }
        return chosen
    }

    /// The share of all choices that lies in each category.
    static func shares(_ chosen: [Float], by catalogue: Catalogue) -> [Float] {
        let all = chosen.reduce(0, +)
        return catalogue.itemsByCategory.map { items in
            all > 0 ? items.reduce(0) { $0 + chosen[Int($1)] } / all : 0
        }
    }

    /// The share of its category's choices that each listed item has.
    static func shares(
        _ chosen: [Float], of lists: [[Int32]], by catalogue: Catalogue
    ) -> [Float] {
        var shares = [Float](repeating: 0, count: chosen.count)
        for (list, items) in zip(lists, catalogue.itemsByCategory) {
            let total = items.reduce(0) { $0 + chosen[Int($1)] }
            for item in list where total > 0 { shares[Int(item)] = chosen[Int(item)] / total }
        }
        return shares
    }
}
