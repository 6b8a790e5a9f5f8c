import Messages

/// Where the parts of a profile come from, for people.
enum ProvenanceOutput {
    static func words(_ profile: Profile, _ style: Style) -> String {
        var table = Table([
            .init("part"), .init("made from"), .init("by", widthMax: 60), .init("as of"),
        ])
        for origin in profile.provenance {
            table.add([
                origin.part, origin.source, origin.maker,
                origin.asOfMs == 0 ? "" : Format.time(origin.asOfMs),
            ])
        }
        return style.bold("Where it comes from") + "\n" + table.rendered(style: style)
    }
}
