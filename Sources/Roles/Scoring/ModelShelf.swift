import Foundation
import Messages
import ModelTraining
import Recommendation
import System

/// The models read from files so far: the last good one of each name.
struct ModelShelf: Sendable {
    private(set) var models = ServedModels()
    /// The manifest of each loaded model.
    private(set) var loaded: [String: Model] = [:]
    /// Checksums of files that could not be used; they are not tried again.
    private(set) var refused: Set<String> = []

    /// The model for purchases: the trees only where they did better on the examples that were
    /// kept for choosing. Models of a version that kept none are compared by what they were tested
    /// on; without comparable figures it is the logistic one, which has less to go wrong.
    var propensity: (model: Propensity, name: String)? {
        let names = ["purchase_logistic", "purchase_trees"]
        let (logistic, trees) = (models.logistic, models.trees)
        guard let logistic else { return trees.map { ($0, label(names[1])) } }
        guard let trees else { return (logistic, label(names[0])) }
        let metric = [Propensity.choiceMetric, "log_loss"].first { metric in
            names.allSatisfy { figure(metric, of: $0) != nil }
        }
        if let metric, let one = figure(metric, of: names[0]),
            let other = figure(metric, of: names[1]), other < one
        {
            return (trees, label(names[1]))
        }
        return (logistic, label(names[0]))
    }

    private func figure(_ metric: String, of name: String) -> Double? {
        loaded[name]?.metrics.first { $0.name == metric }?.value
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
        guard try models.take(model.name, file: bytes) else { throw Refusal.unknownName }
    }

    /// A model set over a catalogue.
    func lay(
        over catalogue: Catalogue, _ pipeline: ServedPipeline, generation: UInt64, asOfMs: Int64
    ) -> ModelSet {
        models.lay(
            over: catalogue, pipeline, alsMetrics: loaded["als"]?.metrics ?? [],
            names: recommenderLabels, generation: generation, asOfMs: asOfMs)
    }
}
