/// The categories of all users: which are the finest, and which are common enough to be compared.
struct TasteSurvey: Sendable {
    private var users: [String: Int] = [:]
    /// More would cost time and say little: what few like tells few apart.
    static let namesMax = 64

    mutating func add(_ shares: [(name: String, share: Double)]) {
        for (name, _) in shares { users[name, default: 0] += 1 }
    }

    /// The finest categories, the commonest first: a path that others lead through says only what
    /// they say together.
    var names: [String] {
        var inner: Set<String> = []
        for name in users.keys {
            var path = name[...]
            while let cut = path.lastIndex(of: "/") {
                path = path[..<cut]
                inner.insert(String(path))
            }
        }
        let finest = users.filter { !inner.contains($0.key) }
        return finest.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            .prefix(Self.namesMax).map(\.key)
    }
}

/// Shares of interest in given categories as a row.
struct TasteReader: Sendable {
    private var places: [String: Int] = [:]
    private let count: Int

    init(_ names: [String]) {
        count = names.count
        for (place, name) in names.enumerated() { places[name] = place }
    }

    /// Square roots of the shares among the given names, so that distances are those of Hellinger
    /// (1909): a share of 1 % against none tells as much as it should. Nil where none is liked.
    func row(_ shares: [(name: String, share: Double)]) -> [Float]? {
        var row = [Float](repeating: 0, count: count)
        var total = 0.0
        for (name, share) in shares where share > 0 {
            guard let place = places[name] else { continue }
            row[place] = Float(share)
            total += share
        }
        guard total > 0 else { return nil }
        return row.map { (Double($0) / total).squareRoot() }.map { Float($0) }
    }
}
