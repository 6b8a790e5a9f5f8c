package import Learning

extension SegmentModel: ModelFile {
    package static var kind: String { "segments" }
    /// Marks kept of each cluster.
    static let marksMax = 32

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.metadata["version"] = "\(version)"
        file.set("users", [Int64(users), asOfMs])
        if let rfm { file.set("rfm", rfm.recency + rfm.frequency + rfm.monetary) }
        for kind in ClusterKind.allCases {
            if let clusters = clusters(kind) { file.set(kind.rawValue, file: clusters.tensors()) }
        }
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let users = try file.int64s("users")
        guard users.count == 2, users[0] >= 0, let version = UInt64(try file.text("version"))
        else { throw .inconsistent("users") }
        var rfm: RFM?
        if file.tensors["rfm"] != nil {
            let fifths = try file.doubles("rfm")
            guard fifths.count == 12, fifths.allSatisfy(\.isFinite) else {
                throw .inconsistent("rfm")
            }
            rfm = RFM(
                recency: Array(fifths[..<4]), frequency: Array(fifths[4..<8]),
                monetary: Array(fifths[8...]))
        }
        self.init(
            rfm: rfm, behaviour: try ClusterModel(.behaviour, file),
            taste: try ClusterModel(.taste, file), users: Int(users[0]), asOfMs: users[1])
        self.version = version
    }
}

extension ClusterModel {
    fileprivate func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("inputs", strings: inputs)
        file.set("expressions", strings: expressions)
        if let normaliser { file.set("normaliser", normaliser) }
        file.set("clustering", clustering)
        file.set("ids", clusters.map { Int64($0.id) } + [Int64(nextID)])
        file.set("names", strings: clusters.map(\.name))
        file.set("users", clusters.map { Int64($0.users) } + [Int64(users)])
        let marks = clusters.map { Array($0.marks.prefix(SegmentModel.marksMax)) }
        file.set("marks.counts", marks.map { Int64($0.count) })
        file.set("marks.inputs", strings: marks.flatMap { $0.map(\.input) })
        file.set(
            "marks.numbers", marks.flatMap { $0.flatMap { [$0.here, $0.everybody, $0.effect] } })
        return file
    }

    /// Nil where the file has no clusters of the kind.
    fileprivate init?(_ kind: ClusterKind, _ whole: Safetensors) throws(SafetensorsError) {
        let file = whole.file(kind.rawValue)
        guard !file.tensors.isEmpty else { return nil }
        let inputs = try file.strings("inputs")
        let expressions = try file.strings("expressions")
        let normaliser = kind == .behaviour ? try file.normaliser("normaliser") : nil
        let clustering = try file.clustering("clustering")
        let names = try file.strings("names")
        let ids = try file.int64s("ids")
        let users = try file.int64s("users")
        let width = normaliser?.used.count ?? inputs.count
        guard clustering.columns == width, clustering.clusters == names.count,
            ids.count == names.count + 1, users.count == names.count + 1,
            Set(names).count == names.count, Set(ids).count == ids.count,
            ids.allSatisfy({ $0 >= 0 && $0 <= Int64(UInt32.max) }), users.allSatisfy({ $0 >= 0 }),
            kind == .taste
                || (expressions.count == inputs.count
                    && normaliser?.columns.count == inputs.count)
        else { throw .inconsistent(kind.rawValue) }
        let marks = try Self.marks(file, clusters: names.count)
        self.init(
            kind: kind, inputs: inputs, expressions: expressions, normaliser: normaliser,
            clustering: clustering,
            clusters: names.indices.map {
                NamedCluster(
                    id: UInt32(ids[$0]), name: names[$0], users: Int(users[$0]), marks: marks[$0])
            }, nextID: UInt32(ids[names.count]), users: Int(users[names.count]))
    }

    private static func marks(
        _ file: Safetensors, clusters: Int
    ) throws(SafetensorsError) -> [[NamedCluster.Mark]] {
        let counts = try file.int64s("marks.counts")
        let inputs = try file.strings("marks.inputs")
        let numbers = try file.doubles("marks.numbers")
        guard counts.count == clusters,
            counts.allSatisfy({ $0 >= 0 && $0 <= Int64(SegmentModel.marksMax) }),
            counts.reduce(0, +) == Int64(inputs.count), numbers.count == 3 * inputs.count
        else { throw .inconsistent("marks") }
        var marks: [[NamedCluster.Mark]] = []
        var next = 0
        for count in counts {
            marks.append(
                (next..<next + Int(count)).map { place in
                    NamedCluster.Mark(
                        input: inputs[place], here: numbers[3 * place],
                        everybody: numbers[3 * place + 1], effect: numbers[3 * place + 2])
                })
            next += Int(count)
        }
        return marks
    }
}
