import Foundation
package import Messages

/// A model's manifest as it lies beside the model, in JSON that people can read.
package struct ManifestFile: Codable, Sendable, Equatable {
    var name: String
    var version: UInt64
    var parent: UInt64
    var createdMs: Int64
    var dataFromMs: Int64
    var dataToMs: Int64
    var rows: UInt64
    var metrics: [String: Double]
    var file: String
    var bytes: UInt64
    var sha256: String
    var trainingMs: UInt32
    var note: String

    package init(_ model: Model) {
        name = model.name
        version = model.version
        parent = model.parent
        createdMs = model.createdMs
        dataFromMs = model.dataFromMs
        dataToMs = model.dataToMs
        rows = model.rows
        metrics = [:]
        for metric in model.metrics where metric.value.isFinite {
            metrics[metric.name] = metric.value
        }
        file = model.file
        bytes = model.bytes
        sha256 = model.sha256
        trainingMs = model.trainingMs
        note = model.note
    }

    package var model: Model {
        var model = Model()
        model.name = name
        model.version = version
        model.parent = parent
        model.createdMs = createdMs
        model.dataFromMs = dataFromMs
        model.dataToMs = dataToMs
        model.rows = rows
        for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
            var metric = NamedValue()
            metric.name = name
            metric.value = value
            model.metrics.append(metric)
        }
        model.file = file
        model.bytes = bytes
        model.sha256 = sha256
        model.trainingMs = trainingMs
        model.note = note
        return model
    }

    package static func encode(_ models: [Model]) throws -> [UInt8] {
        try bytes(models.map(ManifestFile.init))
    }

    package func encoded() throws -> [UInt8] { try Self.bytes(self) }

    package static func decode(_ bytes: [UInt8]) throws -> [Model] {
        try JSONDecoder().decode([ManifestFile].self, from: Data(bytes)).map(\.model)
    }

    private static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }
}
