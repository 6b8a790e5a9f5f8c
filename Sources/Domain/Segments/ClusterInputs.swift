import Features
import Learning
import Profiles

/// Reads rows for one clustering from users.
struct ClusterInputs: Sendable {
    private enum Source {
        case statistics(RowReader)
        case taste(TasteReader)
    }

    private let source: Source

    static func statistics(_ expressions: [String]) throws(SegmentFailure) -> ClusterInputs {
        do throws(UnreadableRow) {
            let tags: TagReader
            do { tags = try TagReader([]) } catch { throw UnreadableRow("\(error)") }
            return ClusterInputs(.statistics(try RowReader(expressions, tags)))
        } catch {
            throw SegmentFailure("an input cannot be read: \(error.explanation)")
        }
    }

    static func taste(_ names: [String]) -> ClusterInputs {
        ClusterInputs(.taste(TasteReader(names)))
    }

    private init(_ source: Source) { self.source = source }

    /// Not normalised. Nil for a user who cannot be placed.
    func row(of view: UserView) -> [Float]? {
        switch source {
        case .statistics(let reader): reader.row(of: view)
        case .taste(let reader): reader.row(view.shares(of: .category))
        }
    }
}

extension ClusterModel {
    func reader() throws(SegmentFailure) -> ClusterInputs {
        switch kind {
        case .behaviour: try ClusterInputs.statistics(expressions)
        case .taste: ClusterInputs.taste(inputs)
        }
    }

    /// The place of the cluster that a row falls into.
    func place(of row: [Float]) -> (cluster: Int, certainty: Double) {
        clustering.cluster(of: normaliser?.normalised(row) ?? row)
    }
}
