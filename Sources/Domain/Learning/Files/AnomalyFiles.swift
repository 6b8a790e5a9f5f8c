import Numerics

extension IsolationForest: ModelFile {
    package static var kind: String { "isolation_forest" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("features", strings: featureNames)
        file.set("medians", medians)
        file.set("columns", columns.map(\.rawValue))
        file.set("sample_size", [Int64(sampleSize)])
        file.set(nodesOf: forest)
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let names = try file.strings("features")
        let medians = try file.floats("medians")
        let columns = try file.int32s("columns").compactMap { ColumnUse(rawValue: $0) }
        guard medians.count == names.count, columns.count == names.count,
            zip(medians, columns).allSatisfy({ $0.isFinite || $1 == .missing })
        else { throw .inconsistent("columns") }
        let sizes = try file.int64s("sample_size")
        guard sizes.count == 1, let size = Int(exactly: sizes[0]), size >= 0, size < 1 << 40 else {
            throw .inconsistent("sample_size")
        }
        self.init(
            featureNames: names, sampleSize: size, medians: medians, columns: columns,
            forest: try file.forest(columns: names.count))
    }
}

extension Safetensors {
    mutating func set(nodesOf forest: Forest) {
        set("roots", forest.roots)
        set("node.column", forest.nodes.map(\.column))
        set("node.bound", forest.nodes.map(\.bound))
        set("node.left", forest.nodes.map(\.left))
        set("node.missing", forest.nodes.map(\.missing))
    }

    func forest(columns count: Int) throws(SafetensorsError) -> Forest {
        let columns = try int32s("node.column")
        let bounds = try floats("node.bound")
        let lefts = try int32s("node.left")
        let missing = try int32s("node.missing")
        guard bounds.count == columns.count, lefts.count == columns.count,
            missing.count == columns.count
        else { throw .inconsistent("node") }
        let nodes = columns.indices.map {
            TreeNode(
                column: columns[$0], bound: bounds[$0], left: lefts[$0], missing: missing[$0])
        }
        let forest = Forest(columns: count, nodes: nodes, roots: try int32s("roots"))
        guard let forest else { throw .inconsistent("node") }
        return forest
    }

    /// Tensors of another file, each below a name.
    package mutating func set(_ name: String, file: Safetensors) {
        for (key, tensor) in file.tensors { set("\(name)/\(key)", tensor) }
    }

    /// What ``set(_:file:)`` put below a name.
    package func file(_ name: String) -> Safetensors {
        var file = Safetensors()
        for (key, tensor) in tensors where key.hasPrefix("\(name)/") {
            file.set(String(key.dropFirst(name.utf8.count + 1)), tensor)
        }
        return file
    }
}
