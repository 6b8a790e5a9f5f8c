import Glibc
import Messages
import Randomness

/// The items of a simulated shop and how each taste chooses among them.
struct ShopCatalogue: Sendable {
    struct Product: Sendable {
        var id: String
        var leaf: Int
        var brand: Int
        var price: Double
        var releasedMs: Int64
        var popularity: Double
    }

    private(set) var products: [Product] = []
    private(set) var items: [Item] = []
    private(set) var complements: [[Int]] = []
    /// Places of products by leaf.
    private(set) var members: [[Int]]
    /// Favourite leaves with weights, and favourite brand of each root, per taste.
    private(set) var tasteLeafWeights: [[Double]] = []
    private(set) var tasteBrands: [[Int]] = []
    /// By taste, then leaf: draws a place in `members[leaf]`.
    private var choices: [[AliasTable?]] = []

    init(_ parameters: ShopParameters, _ random: inout SeededRandom) {
        members = Array(repeating: [], count: Assortment.leaves.count)
        makeProducts(parameters, &random)
        makeTastes(parameters, &random)
        makeComplements(&random)
    }

    private mutating func makeProducts(
        _ parameters: ShopParameters, _ random: inout SeededRandom
    ) {
        var ranks = Array(0..<parameters.items)
        for at in stride(from: ranks.count - 1, to: 0, by: -1) {
            ranks.swapAt(at, random.index(below: at + 1))
        }
        for number in 0..<parameters.items {
            // One round over all leaves first, so that a small shop has no empty one.
            let leafCount = Assortment.leaves.count
            let leaf = number < leafCount ? number : random.index(below: leafCount)
            let kind = Assortment.leaves[leaf]
            let brand = min(random.index(below: 6), random.index(below: 6))
            let price = (kind.price * exp(0.45 * random.normalOfTwoDraws()) * 100).rounded() / 100
            let isNew = number >= leafCount && random.chance(parameters.newItemShare)
            let span = Double(parameters.endMs - parameters.startMs)
            let released =
                isNew
                ? parameters.startMs + Int64(random.uniform() * 0.9 * span) : parameters.startMs
            let product = Product(
                id: "i\(number + 1)", leaf: leaf, brand: brand, price: max(price, 0.5),
                releasedMs: released,
                popularity: 1 / pow(Double(ranks[number]) + 3, 0.8))
            members[leaf].append(number)
            products.append(product)
            items.append(describe(product, kind, &random))
        }
    }

    private func describe(
        _ product: Product, _ kind: Assortment.Leaf, _ random: inout SeededRandom
    ) -> Item {
        let adjective = Assortment.adjectives[random.index(below: Assortment.adjectives.count)]
        let brand = Assortment.roots[kind.root].brands[product.brand]
        var item = Item()
        item.itemID = product.id
        item.title = "\(brand) \(adjective) \(kind.noun)"
        item.category = kind.path
        item.brand = brand
        item.price = product.price
        item.timeMs = product.releasedMs
        item.keywords = [adjective.lowercased(), kind.noun.lowercased()]
        return item
    }

    private mutating func makeTastes(
        _ parameters: ShopParameters, _ random: inout SeededRandom
    ) {
        let leafCount = Assortment.leaves.count
        for taste in 0..<parameters.tastes {
            var weights = Array(
                repeating: (1 - parameters.tasteStrength) / Double(leafCount), count: leafCount)
            // Leaves are dealt out first, so that each belongs to somebody; two more at random.
            var favourites = (0..<leafCount).filter { ($0 * 5) % parameters.tastes == taste }
            favourites += [random.index(below: leafCount), random.index(below: leafCount)]
            for (place, leaf) in favourites.enumerated() {
                weights[leaf] +=
                    parameters.tasteStrength / Double(favourites.count)
                    * (place.isMultiple(of: 2) ? 1.3 : 0.7)
            }
            tasteLeafWeights.append(weights)
            let brands = Assortment.roots.map { _ in random.index(below: 6) }
            tasteBrands.append(brands)
            choices.append(
                members.indices.map { leaf in
                    guard !members[leaf].isEmpty else { return nil }
                    let favourite = brands[Assortment.leaves[leaf].root]
                    return AliasTable(
                        members[leaf].map { place in
                            let product = products[place]
                            return product.popularity * (product.brand == favourite ? 5 : 1)
                        })
                })
        }
    }

    private mutating func makeComplements(_ random: inout SeededRandom) {
        let leafOfPath = Dictionary(
            uniqueKeysWithValues: Assortment.leaves.enumerated().map { ($1.path, $0) })
        complements = products.map { product in
            let path = Assortment.leaves[product.leaf].path
            guard let other = Assortment.complementLeaf[path], let leaf = leafOfPath[other],
                !members[leaf].isEmpty
            else { return [] }
            let choice = members[leaf]
            var chosen = [choice[random.index(below: choice.count)]]
            let second = choice[random.index(below: choice.count)]
            if second != chosen[0] { chosen.append(second) }
            return chosen
        }
    }

    /// A product of `leaf` as somebody of this taste would choose it; one that is on sale already.
    @inline(__always)
    func draw(
        taste: Int, leaf: Int, at timeMs: Int64, _ random: inout SeededRandom
    ) -> Int {
        guard let table = choices[taste][leaf] else { return 0 }
        for _ in 0..<6 {
            let place = members[leaf][table.draw(&random)]
            if products[place].releasedMs <= timeMs { return place }
        }
        return members[leaf][0]
    }

    /// How well a product meets a taste, 0 to 1.
    @inline(__always)
    func match(taste: Int, product: Int) -> Double {
        let item = products[product]
        let leaf = min(tasteLeafWeights[taste][item.leaf] * 6, 0.7)
        let brand = tasteBrands[taste][Assortment.leaves[item.leaf].root] == item.brand
        return leaf + (brand ? 0.3 : 0)
    }
}
