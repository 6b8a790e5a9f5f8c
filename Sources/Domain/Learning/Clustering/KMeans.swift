package import Numerics

/// Clusters around centres: each row belongs to the nearest (Lloyd 1982).
package struct KMeans: Sendable, Equatable {
    /// One centre a row.
    package let centres: Matrix
    /// Σ of the squared distances of the training rows to their centres.
    package let inertia: Double

    package init(centres: Matrix, inertia: Double) {
        self.centres = centres
        self.inertia = inertia
    }

    /// How clusters are looked for.
    package struct Options: Sendable, Equatable {
        package var clusters = 8
        /// Beginnings, of which the one that ends best is kept.
        package var restarts = 5
        package var iterationsMax = 100
        package var seed: UInt64 = 1

        package init(clusters: Int = 8) { self.clusters = clusters }
    }

    /// The nearest centre, the lowest number among equals, with the squared distances to it and to
    /// the next one (infinite where there is one centre only).
    package func nearest(_ row: [Float]) -> (cluster: Int, distance: Double, next: Double) {
        nearest(row.span)
    }

    func nearest(_ row: Span<Float>) -> (cluster: Int, distance: Double, next: Double) {
        precondition(row.count == centres.columns)
        var best = (cluster: 0, distance: Double.infinity, next: Double.infinity)
        for centre in 0..<centres.rows {
            var distance = 0.0
            for column in row.indices {
                let apart =
                    Double(row[column])
                    - Double(centres.elements[centre * centres.columns + column])
                distance += apart * apart
            }
            if distance < best.distance {
                best = (centre, distance, best.distance)
            } else if distance < best.next {
                best.next = distance
            }
        }
        return best
    }
}
