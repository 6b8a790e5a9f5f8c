import Foundation
package import Learning
import Numerics

/// The score of an item that may not be shown; below anything a model can say.
let barred: Float = -1e30

/// Everything a recommendation needs, laid out over one dense item index: catalogue, models, mix.
package struct ModelSet: Sendable {
    package private(set) var catalogue: Catalogue
    package let weights: BlendWeights
    package let leftOut: LeftOut
    /// "name/version" of each model inside.
    package let names: [String]
    /// Different for each set that was ever built, so that cached tastes know which one they fit.
    package let generation: UInt64
    /// Items that the models know of: those of the catalogue when the set was built.
    package let modelled: Int
    /// 0 to 1 by the logarithm of the decayed count.
    package let popularity: [Float]
    let together: NeighbourLists?
    let following: NeighbourLists?
    let serving: ItemToItemModel.Serving
    /// Row i: the factors of item i, then what everybody sees of it (`prior`). So one product of
    /// a user's vector with a 1 behind it gives the mixed score.
    private(set) var factors: Matrix
    /// YᵀY with the regularisation on its diagonal; nil without factors.
    let normal: Matrix?
    /// Confidence of a signal of weight 1, and the most weight of one item, as trained.
    let confidence: Float
    let weightCap: Float
    /// The part of the score that is the same for everybody.
    private(set) var prior: [Float]
    /// Most popular items of each category, by category index of the build.
    let popularInCategory: [[Int32]]
    /// Each item's share of its category's popularity; 0 for what is not in the lists.
    let shareOfCategory: [Float]
    /// Share of all popularity that lies in each category.
    let categoryShares: [Float]
    private var asOfMs: Int64

    static let popularPerCategory = 500

    /// The factors' width without the column of priors.
    package var width: Int { factors.columns - 1 }

    /// Lays models over a catalogue; items that only a model knows are added to it.
    ///
    /// `categories` names the category numbers of the popularity model.
    package init(
        catalogue given: Catalogue = Catalogue(), popularity: PopularityModel? = nil,
        categories: [String] = [], neighbours: ItemToItemModel? = nil, factors: ALSModel? = nil,
        weights: BlendWeights = BlendWeights(), leftOut: LeftOut = LeftOut(),
        names: [String] = [], generation: UInt64 = 0, asOfMs: Int64 = 0
    ) {
        var catalogue = given
        if let popularity { Self.add(popularity, categories, to: &catalogue) }
        let neighbourRows = neighbours.map { Self.rows($0.items.names, in: &catalogue) } ?? []
        let factorRows = factors.map { Self.rows($0.items.names, in: &catalogue) } ?? []
        let count = catalogue.count
        self.weights = weights
        self.leftOut = leftOut
        self.names = names
        self.generation = generation
        self.asOfMs = asOfMs
        modelled = count
        self.popularity = Self.lay(popularity, over: catalogue)
        together = neighbours.map { Self.lay($0.together, rows: neighbourRows, count: count) }
        following = neighbours.map { Self.lay($0.following, rows: neighbourRows, count: count) }
        serving = neighbours?.serving ?? ItemToItemModel.Serving()
        let (laid, normal) = Self.lay(factors, rows: factorRows, count: count)
        self.factors = laid
        self.normal = normal
        confidence = factors?.alpha ?? 1
        weightCap = factors?.weightCap ?? .infinity
        let chosen = Self.chosen(popularity, neighbours, over: catalogue)
        popularInCategory = Self.ranked(chosen, by: catalogue)
        categoryShares = Self.shares(chosen, by: catalogue)
        shareOfCategory = Self.shares(chosen, of: popularInCategory, by: catalogue)
        prior = []
        self.catalogue = catalogue
        refresh(asOfMs: asOfMs)
    }

    /// Adds or replaces an item; it can be recommended at once.
    package mutating func upsert(_ entry: CatalogueEntry) {
        let item = Int(catalogue.upsert(entry))
        if item == prior.count { prior.append(0) }
        setPrior(item)
    }

    /// Counts newness from this moment on.
    package mutating func refresh(asOfMs: Int64) {
        self.asOfMs = asOfMs
        if prior.count != catalogue.count {
            prior = [Float](repeating: 0, count: catalogue.count)
        }
        for item in prior.indices { setPrior(item) }
    }

    /// Popularity's part of an item's score.
    func popularPart(_ item: Int) -> Float {
        item < modelled ? weights.popular * popularity[item] : 0
    }

    /// Newness's part of an item's score.
    func newPart(_ item: Int) -> Float {
        let since = catalogue.firstSeenMs[item]
        guard since > 0, weights.new != 0 else { return 0 }
        let halves =
            Float(asOfMs > since ? asOfMs &- since : 0) / Float(max(1, weights.newHalfLifeMs))
        return halves < 30 ? weights.new * exp2(-halves) : 0
    }

    private mutating func setPrior(_ item: Int) {
        let value =
            catalogue.unavailable[item] ? barred : popularPart(item) + newPart(item)
        prior[item] = value
        if item < modelled {
            factors.elements[item * factors.columns + factors.columns - 1] = value
        }
    }
}
