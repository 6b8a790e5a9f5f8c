/// What is known of a user, for people and services.
package struct Profile: WireMessage {
    package static let kind: Kind? = .profile

    package var userID = ""
    /// False: no event of this user was ever seen.
    package var known = false
    package var partition: UInt32 = 0
    /// Applied offset of the partition when it was last changed.
    package var version: UInt64 = 0
    package var firstSeenMs: Int64 = 0
    package var lastSeenMs: Int64 = 0
    /// Newest event time that the windows are counted from.
    package var asOfMs: Int64 = 0
    package var attributes: User?
    package var statistics: [NamedValue] = []
    package var affinities: [Affinity] = []
    /// What came last stands first.
    package var recent: [RecentEvent] = []
    package var predictions: [Prediction] = []
    /// How long ago the scoring service last had it confirmed.
    package var ageMs: UInt32 = 0
    /// Tags of the configuration whose conditions hold as of `asOfMs`.
    package var tags: [String] = []
    package var segments: UserSegments?
    package var risk: UserRisk?
    /// Identifiers of the person, ``userID`` first; empty if there is only that.
    package var identities: [Identity] = []
    /// Where each part that is filled comes from.
    package var provenance: [Provenance] = []
    /// Of each of ``tags``, in their order.
    package var tagDetails: [UserTag] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &known)
            case 3: try reader.read(field, into: &partition)
            case 4: try reader.read(field, into: &version)
            case 5: try reader.read(field, into: &firstSeenMs)
            case 6: try reader.read(field, into: &lastSeenMs)
            case 7: try reader.read(field, into: &asOfMs)
            case 8: try reader.read(field, into: &attributes)
            case 9: try reader.read(field, into: &statistics)
            case 10: try reader.read(field, into: &affinities)
            case 11: try reader.read(field, into: &recent)
            case 12: try reader.read(field, into: &predictions)
            case 13: try reader.read(field, into: &ageMs)
            case 14: try reader.read(field, into: &tags)
            case 15: try reader.read(field, into: &segments)
            case 16: try reader.read(field, into: &risk)
            case 17: try reader.read(field, into: &identities)
            case 18: try reader.read(field, into: &provenance)
            case 19: try reader.read(field, into: &tagDetails)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, known)
        out.write(3, partition)
        out.write(4, version)
        out.write(5, firstSeenMs)
        out.write(6, lastSeenMs)
        out.write(7, asOfMs)
        out.write(8, attributes)
        out.write(9, statistics)
        out.write(10, affinities)
        out.write(11, recent)
        out.write(12, predictions)
        out.write(13, ageMs)
        out.write(14, tags)
        out.write(15, segments)
        out.write(16, risk)
        out.write(17, identities)
        out.write(18, provenance)
        out.write(19, tagDetails)
    }
}
