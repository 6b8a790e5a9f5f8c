package import Learning
package import Messages
package import Recommendation

/// The models that lists are made from, as they come from their files, with what their manifests
/// say that counts when they are laid out.
package struct ServedModels: Sendable {
    package private(set) var popularity: (model: PopularityModel, categories: [String])?
    package private(set) var neighbours: ItemToItemModel?
    package private(set) var factors: ALSModel?
    package private(set) var logistic: Propensity?
    package private(set) var trees: Propensity?

    /// In the manifest of ALS: its share of the mix, chosen on what training held out.
    package static let shareMetric = "blend_share"

    package init() {}

    /// Reads a file in the place of the model of that name; that one stays when this throws.
    /// - Returns: false when no model is called so.
    package mutating func take(
        _ name: String, file bytes: [UInt8]
    ) throws(SafetensorsError) -> Bool {
        switch ModelName(rawValue: name) {
        case .popularity: popularity = try ModelBytes.popularity(bytes)
        case .itemToItem: neighbours = try ItemToItemModel(safetensors: bytes)
        case .als: factors = try ALSModel(safetensors: bytes)
        case .purchaseLogistic: logistic = try ModelBytes.propensity(bytes)
        case .purchaseTrees: trees = try ModelBytes.propensity(bytes)
        case nil: return false
        }
        return true
    }

    /// The models over a catalogue; `alsMetrics` are those of the manifest of ALS.
    package func lay(
        over catalogue: Catalogue, _ pipeline: ServedPipeline, alsMetrics: [NamedValue],
        names: [String] = [], generation: UInt64 = 0, asOfMs: Int64
    ) -> ModelSet {
        let share = alsMetrics.first { $0.name == Self.shareMetric }.map { Float($0.value) }
        return ModelSet(
            catalogue: catalogue, popularity: popularity?.model,
            categories: popularity?.categories ?? [], neighbours: neighbours, factors: factors,
            weights: pipeline.weights(factorShare: share), leftOut: pipeline.leftOut,
            names: names, generation: generation, asOfMs: asOfMs)
    }
}
