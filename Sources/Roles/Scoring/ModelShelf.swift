import Foundation
import Learning
import Messages
import Recommendation
import System

/// The models read from files so far: the last good one of each name.
struct ModelShelf: Sendable {
    var popularity: (model: PopularityModel, categories: [String])?
    var neighbours: ItemToItemModel?
    var factors: ALSModel?
    var logistic: Propensity?
    var trees: Propensity?
    /// The manifest of each loaded model.
    private(set) var loaded: [String: Model] = [:]
    /// Checksums of files that could not be used; they are not tried again.
    private(set) var refused: Set<String> = []

    /// The model for purchases: trees before the logistic one.
    var propensity: (model: Propensity, name: String)? {
        if let trees { return (trees, label("purchase_trees")) }
        if let logistic { return (logistic, label("purchase_logistic")) }
        return nil
    }

    /// "name/version" of a loaded model.
    func label(_ name: String) -> String { "\(name)/\(loaded[name]?.version ?? 0)" }

    var recommenderLabels: [String] {
        ["als", "item_to_item", "popularity"].filter { loaded[$0] != nil }.map(label)
    }

    var newestDataMs: Int64 { loaded.values.map(\.dataToMs).max() ?? 0 }

    /// The announced versions that are not in use yet and were not refused before.
    func wanted(_ announced: [Model]) -> [Model] {
        announced.filter { model in
            guard model.version > 0, !model.file.isEmpty else { return false }
            let held = loaded[model.name]
            if held?.sha256 == model.sha256 { return held?.version != model.version }
            return !refused.contains(model.sha256)
        }
    }

    /// Reads and verifies files; what cannot be used leaves the old model in place.
    /// - Returns: what went wrong, for the log.
    mutating func load(_ models: [Model], folder: String) -> [String] {
        var failures: [String] = []
        for model in models {
            do {
                // The same data makes the same bytes: then only the version is another.
                if loaded[model.name]?.sha256 != model.sha256 {
                    try load(model, folder: folder)
                }
                loaded[model.name] = model
            } catch {
                refused.insert(model.sha256)
                failures.append("\(model.file): \(error)")
            }
        }
        return failures
    }

    enum Refusal: Error, Equatable {
        case fileName, checksum, notFinite, unknownName
    }

    private mutating func load(_ model: Model, folder: String) throws {
        // A manifest must not lead out of the folder.
        guard !model.file.contains("/"), !model.file.hasPrefix(".") else { throw Refusal.fileName }
        let bytes = try Files.read("\(folder)/\(model.file)")
        guard Digest.sha256Hex(bytes) == model.sha256 else { throw Refusal.checksum }
        switch model.name {
        case "popularity": popularity = try ModelBytes.popularity(bytes)
        case "item_to_item": neighbours = try ItemToItemModel(safetensors: bytes)
        case "als": factors = try ALSModel(safetensors: bytes)
        case "purchase_logistic": logistic = try ModelBytes.propensity(bytes)
        case "purchase_trees": trees = try ModelBytes.propensity(bytes)
        default: throw Refusal.unknownName
        }
    }

    /// A model set over a catalogue.
    func lay(
        over catalogue: Catalogue, weights: BlendWeights, generation: UInt64, asOfMs: Int64
    ) -> ModelSet {
        ModelSet(
            catalogue: catalogue, popularity: popularity?.model,
            categories: popularity?.categories ?? [], neighbours: neighbours, factors: factors,
            weights: weights, names: recommenderLabels, generation: generation, asOfMs: asOfMs)
    }
}
