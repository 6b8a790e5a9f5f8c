/// Published after each fold. A gap in the sequence means: forget what you hold of this worker's
/// partitions.
package struct ProfilesChanged: WireMessage {
    package static let kind: Kind? = .profilesChanged

    /// Random per start of the worker.
    package var incarnation: UInt64 = 0
    package var sequence: UInt64 = 0
    /// Beacon: the partitions this worker owns.
    package var partitions: [UInt32] = []
    /// Numbers of changed users, which only who has the cluster's key knows: a keyed hash, in its
    /// lowest six bits the partition. One number may stand for several users.
    package var userHashes: [UInt64] = []
    /// Says which key that is, without giving it away; 0 = not said.
    package var keyCheck: UInt64 = 0
    /// Batches that are in these profiles from now on.
    package var traces: [TraceMark] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &incarnation)
            case 2: try reader.read(field, into: &sequence)
            case 3: try reader.read(field, into: &partitions)
            case 4: try reader.readFixed64(field, into: &userHashes)
            case 5: try reader.read(field, into: &keyCheck)
            case 10: try reader.read(field, into: &traces)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, incarnation)
        out.write(2, sequence)
        out.write(3, partitions)
        out.write(4, fixed64: userHashes)
        out.write(5, keyCheck)
        out.write(10, traces)
    }
}
