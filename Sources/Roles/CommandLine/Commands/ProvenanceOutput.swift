import Messages

/// Where the parts of a profile come from, for people.
enum ProvenanceOutput {
    static func words(_ profile: Profile, on terminal: Terminal) -> String {
        var table = Table([
            .init("part"), .init("made from"), .init("by", widthMax: 60), .init("as of"),
        ])
        for origin in profile.provenance {
            table.add([
                origin.part, origin.source, origin.maker,
                origin.asOfMs == 0 ? "" : Format.time(origin.asOfMs),
            ])
        }
        let parts = [
            terminal.style.bold("Where it comes from"), table.rendered(on: terminal),
        ]
        let unknown = unknown(profile)
        return (parts + (unknown.isEmpty ? [] : ["unknown: " + unknown.joined(separator: ", ")]))
            .joined(separator: "\n")
    }

    /// Parts of which nothing is known, and what would fill them.
    private static func unknown(_ profile: Profile) -> [String] {
        let segments = profile.segments
        let parts: [(isEmpty: Bool, words: String)] = [
            (profile.attributes == nil, "attributes (no user record was sent)"),
            (profile.affinities.isEmpty, "affinities (no event with a category, brand …)"),
            (segments?.rfm.isEmpty != false, "segments.rfm (limn segments fit; who never bought)"),
            (segments?.clusters.isEmpty != false, "segments.clusters (limn segments fit)"),
            (profile.risk?.model.isEmpty != false, "risk.anomaly (limn risk fit)"),
            (profile.predictions.isEmpty, "predictions (limn train)"),
            (profile.tags.isEmpty, "tags (none holds)"),
            (profile.identities.isEmpty, "identities (no link)"),
        ]
        return parts.filter(\.isEmpty).map(\.words)
    }
}
