import Foundation
import Messages

/// What scoring needs of `current.json`; fields that a newer trainer adds are skipped.
enum ManifestList {
    private struct Entry: Decodable {
        var name: String
        var version: UInt64
        var dataToMs: Int64
        var file: String
        var sha256: String
        var metrics: [String: Double]?
    }

    static func decode(_ bytes: [UInt8]) throws -> [Model] {
        try JSONDecoder().decode([Entry].self, from: Data(bytes)).map { entry in
            var model = Model()
            model.name = entry.name
            model.version = entry.version
            model.dataToMs = entry.dataToMs
            model.file = entry.file
            model.sha256 = entry.sha256
            for (name, value) in (entry.metrics ?? [:]).sorted(by: { $0.key < $1.key }) {
                var metric = NamedValue()
                metric.name = name
                metric.value = value
                model.metrics.append(metric)
            }
            return model
        }
    }
}
