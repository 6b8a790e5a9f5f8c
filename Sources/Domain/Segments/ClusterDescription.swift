import Learning
import Numerics

/// What sets each cluster of a table apart.
struct ClusterDescription {
    /// Per cluster, the strongest first.
    private(set) var marks: [[NamedCluster.Mark]]
    private(set) var counts: [Int]

    /// `table` holds the rows as they are; `seen` the columns `used` as the clustering sees them,
    /// all of them where nil.
    init(
        _ kind: ClusterKind, names: [String], table: Matrix, seen: Matrix, used: [Int]?,
        owners: [Int], clusters: Int
    ) {
        counts = [Int](repeating: 0, count: clusters)
        for owner in owners { counts[owner] += 1 }
        marks = Array(repeating: [], count: clusters)
        for column in 0..<seen.columns {
            let place = used?[column] ?? column
            let shown = Self.means(
                table.column(place), owners, clusters, squared: kind == .taste)
            let spread = Spread(of: seen.column(column).map { Double($0) })
            guard spread.deviation > 0 else { continue }
            let inside = Self.means(seen.column(column), owners, clusters, squared: false)
            // Nothing is said of a number that nobody in the cluster has.
            for cluster in 0..<clusters where !shown.parts[cluster].isNaN {
                marks[cluster].append(
                    NamedCluster.Mark(
                        input: names[place], here: shown.parts[cluster], everybody: shown.all,
                        effect: (inside.parts[cluster] - spread.mean) / spread.deviation))
            }
        }
        for cluster in 0..<clusters {
            marks[cluster].sort {
                (abs($0.effect), $1.input) > (abs($1.effect), $0.input)
            }
        }
    }

    /// Means of the known values; of their squares for shares that were taken roots of.
    private static func means(
        _ column: [Float], _ owners: [Int], _ clusters: Int, squared: Bool
    ) -> (parts: [Double], all: Double) {
        var sums = [Double](repeating: 0, count: clusters)
        var counts = [Double](repeating: 0, count: clusters)
        for (value, owner) in zip(column, owners) where value.isFinite {
            let value = Double(value)
            sums[owner] += squared ? value * value : value
            counts[owner] += 1
        }
        let all = sums.reduce(0, +) / counts.reduce(0, +)
        return (zip(sums, counts).map { $1 > 0 ? $0 / $1 : .nan }, all)
    }
}
