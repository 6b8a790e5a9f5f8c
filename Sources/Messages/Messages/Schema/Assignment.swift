/// Who owns which partition of users, told by the supervisor to every role that has to know.
///
/// The newest version counts. A partition on its way between two workers belongs to nobody.
package struct Assignment: WireMessage {
    package static let kind: Kind? = .assignment

    /// Rises with every change.
    package var version: UInt64 = 0
    /// Per partition from 0: the index of the feature worker that owns it, plus 1; 0 = nobody.
    package var workers: [UInt32] = []
    /// Per partition: the epoch of its newest lease.
    package var epochs: [UInt64] = []
    /// Indices of the feature workers that run, with or without partitions.
    package var members: [UInt32] = []

    package init() {}

    /// The worker that owns a partition; nil while nobody does.
    package func worker(of partition: Int) -> Int? {
        guard partition < workers.count, workers[partition] > 0 else { return nil }
        return Int(workers[partition]) - 1
    }

    /// The epoch of a partition's newest lease.
    package func epoch(of partition: Int) -> UInt64 {
        partition < epochs.count ? epochs[partition] : 0
    }

    /// The partitions that a worker owns.
    package func partitions(of worker: Int) -> [Int] {
        workers.indices.filter { Int(workers[$0]) == worker + 1 }
    }

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &version)
            case 2: try reader.read(field, into: &workers)
            case 3: try reader.readFixed64(field, into: &epochs)
            case 4: try reader.read(field, into: &members)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, version)
        out.write(2, workers)
        out.write(3, fixed64: epochs)
        out.write(4, members)
    }
}

/// What a feature worker holds after it has obeyed an assignment.
package struct Holding: WireMessage {
    package static let kind: Kind? = .holding

    /// The version of the newest assignment it has obeyed.
    package var version: UInt64 = 0
    /// The partitions it holds …
    package var partitions: [UInt32] = []
    /// … and under which epoch.
    package var epochs: [UInt64] = []
    /// Those of them whose first fetch from the log was answered.
    package var serving: [UInt32] = []
    /// Partitions it may not hold, because their store knows a later epoch …
    package var refused: [UInt32] = []
    /// … which is this.
    package var refusedEpochs: [UInt64] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &version)
            case 2: try reader.read(field, into: &partitions)
            case 3: try reader.readFixed64(field, into: &epochs)
            case 4: try reader.read(field, into: &serving)
            case 5: try reader.read(field, into: &refused)
            case 6: try reader.readFixed64(field, into: &refusedEpochs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, version)
        out.write(2, partitions)
        out.write(3, fixed64: epochs)
        out.write(4, serving)
        out.write(5, refused)
        out.write(6, fixed64: refusedEpochs)
    }
}
