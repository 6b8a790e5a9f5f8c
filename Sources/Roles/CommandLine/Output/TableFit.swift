/// How a table is made to fit: bars are left out, then the widest texts are wrapped, and where the
/// numbers alone are too wide, the table is parted into several, each with the first column again.
/// Numbers are never cut.
struct TableFit {
    /// A column of the table, and the width that it gets.
    struct Place: Equatable {
        var column: Int
        var width: Int
    }

    /// Between two columns.
    private static let gap = 2
    /// No text is wrapped to less, as long as another part of the table is there for it.
    private static let textMin = 24
    /// … and none ever to less than this.
    private static let textLeast = 8

    private let kinds: [Table.Kind]
    private let widths: [Int]
    private let titles: [Int]

    /// `widths` are those that titles and cells need.
    init(_ kinds: [Table.Kind], widths: [Int], titles: [String]) {
        self.kinds = kinds
        self.widths = widths
        self.titles = titles.map(DisplayWidth.of)
    }

    /// The tables to show one below the other, each within `most` columns of the screen.
    func blocks(within most: Int) -> [[Place]] {
        let all = kinds.indices.map { Place(column: $0, width: widths[$0]) }
        if Self.total(all) <= most { return [all] }
        let kept = all.filter { kinds[$0.column] != .bar }
        guard let first = kept.first else { return [all] }
        if Self.total(kept.map(narrowed)) <= most { return [shrunk(kept, to: most)] }
        var blocks: [[Place]] = []
        var block = [first]
        for place in kept.dropFirst() {
            if block.count > 1, Self.total((block + [place]).map(narrowed)) > most {
                blocks.append(block)
                block = [first]
            }
            block.append(place)
        }
        return (blocks + [block]).map { shrunk($0, to: most) }
    }

    private static func total(_ places: [Place]) -> Int {
        places.reduce(gap * (places.count - 1)) { $0 + $1.width }
    }

    private func narrowed(_ place: Place) -> Place {
        var place = place
        if kinds[place.column] == .left { place.width = floor(place, Self.textMin) }
        return place
    }

    private func floor(_ place: Place, _ least: Int) -> Int {
        min(widths[place.column], max(titles[place.column], least))
    }

    /// Takes what is too much from the widest text, again and again.
    private func shrunk(_ places: [Place], to most: Int) -> [Place] {
        var places = places
        for least in [Self.textMin, Self.textLeast] {
            while Self.total(places) > most {
                let wide = places.indices.filter {
                    kinds[places[$0].column] == .left
                        && places[$0].width > floor(places[$0], least)
                }
                guard let widest = wide.max(by: { places[$0].width < places[$1].width }) else {
                    break
                }
                places[widest].width -= 1
            }
        }
        return places
    }
}
