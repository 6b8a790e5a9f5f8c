package import Messages
package import ModelTraining
package import System

/// The folder of models: files, manifests, and `current.json`, which names the current ones.
package struct ModelStore: Sendable {
    let folder: String
    let keep: Int
    package private(set) var current: [Model] = []

    /// Opens the folder; a damaged `current.json` is read as none and written anew with the next
    /// model.
    package init(folder: String, keep: Int) throws(SystemError) {
        self.folder = folder
        self.keep = max(1, keep)
        try Files.makeFolder(folder)
        if let bytes = try? Files.read("\(folder)/current.json") {
            current = (try? ManifestFile.decode(bytes)) ?? []
        }
    }

    /// Writes model and manifest, makes it the current one, and removes versions no longer kept.
    package mutating func publish(_ trained: TrainedModel, nowMs: Int64) throws -> Model {
        let name = trained.name.rawValue
        let before = current.first { $0.name == name }
        var model = Model()
        model.name = name
        model.version = max(before?.version ?? 0, try versions(of: name).max() ?? 0) + 1
        model.parent = before?.version ?? 0
        model.createdMs = nowMs
        model.dataFromMs = trained.dataFromMs
        model.dataToMs = trained.dataToMs
        model.rows = UInt64(trained.rows)
        model.metrics = trained.metrics
        model.file = "\(name)-\(model.version).safetensors"
        model.bytes = UInt64(trained.file.count)
        model.sha256 = Digest.sha256Hex(trained.file)
        model.trainingMs = UInt32(clamping: trained.trainingMs)
        model.note = trained.note
        try Files.writeAtomically("\(folder)/\(model.file)", trained.file)
        try Files.writeAtomically(
            "\(folder)/\(name)-\(model.version).json", ManifestFile(model).encoded())
        var next = current.filter { $0.name != name }
        next.append(model)
        next.sort { $0.name < $1.name }
        try Files.writeAtomically("\(folder)/current.json", ManifestFile.encode(next))
        current = next
        try prune(name)
        return model
    }

    /// Every version of a model that has a file, in no order.
    private func versions(of name: String) throws(SystemError) -> [UInt64] {
        try Files.list(folder).compactMap { file in
            guard file.hasPrefix("\(name)-"), file.hasSuffix(".safetensors") else { return nil }
            return UInt64(file.dropFirst(name.count + 1).dropLast(".safetensors".count))
        }
    }

    private func prune(_ name: String) throws(SystemError) {
        for version in try versions(of: name).sorted().dropLast(keep) {
            try Files.remove("\(folder)/\(name)-\(version).safetensors")
            // A crash between the two may have left the first without the second.
            try? Files.remove("\(folder)/\(name)-\(version).json")
        }
    }
}
