package import Numerics

/// Lloyd's algorithm as it is told: every distance, every mean, one after the other, in Double.
/// Slow; tests hold the fast one against it.
package enum KMeansReference {
    package static func lloyd(
        _ table: Matrix, from first: Matrix, iterationsMax: Int
    ) -> (centres: [[Double]], inertia: Double) {
        let rows = (0..<table.rows).map { table.row($0).map { Double($0) } }
        var centres = (0..<first.rows).map { first.row($0).map { Double($0) } }
        for _ in 0..<iterationsMax {
            var members = [[[Double]]](repeating: [], count: centres.count)
            for row in rows { members[nearest(row, centres)].append(row) }
            let moved = zip(centres, members).map { centre, rows in
                rows.isEmpty
                    ? centre
                    : centre.indices.map { column in
                        rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
                    }
            }
            if moved == centres { break }
            centres = moved
        }
        let inertia = rows.reduce(0) { $0 + distance($1, centres[nearest($1, centres)]) }
        return (centres, inertia)
    }

    static func nearest(_ row: [Double], _ centres: [[Double]]) -> Int {
        centres.indices.min { distance(row, centres[$0]) < distance(row, centres[$1]) } ?? 0
    }

    static func distance(_ one: [Double], _ other: [Double]) -> Double {
        zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}
