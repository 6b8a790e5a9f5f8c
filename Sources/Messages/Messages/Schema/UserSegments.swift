/// Where a user stands among the others.
package struct UserSegments: WireMessage {
    /// Of the life cycle; empty for who was never seen.
    package var stage = ""
    /// When that stage began.
    package var stageSinceMs: Int64 = 0
    /// Tier of recency against frequency and money; empty before a fit, and for who never bought.
    package var rfm = ""
    /// Scores of 1 to 5, 5 is best; 0 is unknown.
    package var recency: UInt32 = 0
    package var frequency: UInt32 = 0
    package var monetary: UInt32 = 0
    package var clusters: [UserCluster] = []
    /// Name and version; empty: nothing was fitted, the stage needs nothing.
    package var model = ""
    /// Newest event time that the windows are counted from.
    package var asOfMs: Int64 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &stage)
            case 2: try reader.read(field, into: &stageSinceMs)
            case 3: try reader.read(field, into: &rfm)
            case 4: try reader.read(field, into: &recency)
            case 5: try reader.read(field, into: &frequency)
            case 6: try reader.read(field, into: &monetary)
            case 7: try reader.read(field, into: &clusters)
            case 8: try reader.read(field, into: &model)
            case 9: try reader.read(field, into: &asOfMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, stage)
        out.write(2, stageSinceMs)
        out.write(3, rfm)
        out.write(4, recency)
        out.write(5, frequency)
        out.write(6, monetary)
        out.write(7, clusters)
        out.write(8, model)
        out.write(9, asOfMs)
    }
}

/// A cluster that a user belongs to.
package struct UserCluster: WireMessage {
    /// Behaviour or taste.
    package var kind = ""
    /// Of the kind; stays with the cluster from fit to fit.
    package var id: UInt32 = 0
    /// By what sets the cluster apart.
    package var name = ""
    /// 0 to 1: the probability in a mixture, otherwise how much nearer than the next cluster.
    package var certainty: Double = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &kind)
            case 2: try reader.read(field, into: &id)
            case 3: try reader.read(field, into: &name)
            case 4: try reader.read(field, into: &certainty)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, kind)
        out.write(2, id)
        out.write(3, name)
        out.write(4, certainty)
    }
}
