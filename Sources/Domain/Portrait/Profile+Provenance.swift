package import Messages
package import Profiles

extension Profile {
    /// Notes where each part that is filled comes from; to be called once everything is there.
    package mutating func noteProvenance(tags reader: TagReader) {
        provenance = known ? origins(reader) : []
        provenance += predictions.map {
            Provenance("predictions.\($0.name)", from: "statistics", by: $0.model, asOfMs)
        }
        provenance += identities.map {
            Provenance("identities.\($0.userID)", from: "links", by: $0.source, $0.linkedMs)
        }
    }

    private func origins(_ reader: TagReader) -> [Provenance] {
        var origins: [Provenance] = []
        if let attributes {
            origins.append(Provenance("attributes", from: "user records", attributes.timeMs))
        }
        origins.append(Provenance("statistics", from: "events", asOfMs))
        if !affinities.isEmpty {
            origins.append(Provenance("affinities", from: "events", lastSeenMs))
        }
        if let newest = recent.map(\.timeMs).max() {
            origins.append(Provenance("recent", from: "events", newest))
        }
        if let segments {
            origins.append(Provenance("segments.stage", from: "statistics", segments.asOfMs))
            if !segments.model.isEmpty {
                origins.append(
                    Provenance(
                        "segments", from: "statistics, affinities", by: segments.model,
                        segments.asOfMs))
            }
        }
        if let risk {
            origins.append(Provenance("risk.rules", from: "statistics", risk.asOfMs))
            if !risk.model.isEmpty {
                origins.append(
                    Provenance("risk", from: "statistics", by: risk.model, risk.asOfMs))
            }
        }
        return origins
            + tags.map {
                Provenance(
                    "tags.\($0)", from: "condition of limn.json5",
                    by: reader.condition(of: $0) ?? "", asOfMs)
            }
    }
}

extension Provenance {
    fileprivate init(
        _ part: String, from source: String, by maker: String = "", _ asOfMs: Int64
    ) {
        self.init()
        self.part = part
        self.source = source
        self.maker = maker
        self.asOfMs = asOfMs
    }
}
