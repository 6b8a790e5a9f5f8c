import Numerics

/// What item-to-item and the categories say in one answer: the candidates kept with the taste, or,
/// where only one category counts, all items.
struct Near {
    private let items: [Int32]
    private let values: [Float]
    private let all: [Float]

    init(_ models: ModelSet, _ ask: Ask) {
        var all: [Float] = []
        if !ask.category.isEmpty, ask.taste.isPersonal {
            all = [Float](repeating: 0, count: models.modelled)
            models.spread(ask.taste, into: &all)
        }
        self.all = all
        items = all.isEmpty ? ask.taste.nearItems : []
        values = all.isEmpty ? ask.taste.nearParts : []
    }

    func add(to total: inout [Float]) {
        for place in items.indices { total[Int(items[place])] += values[place] }
        for item in all.indices { total[item] += all[item] }
    }

    func part(_ item: Int32) -> Float {
        if !all.isEmpty { return all[Int(item)] }
        let place = items.partition(below: item)
        return place < items.count && items[place] == item ? values[place] : 0
    }
}
