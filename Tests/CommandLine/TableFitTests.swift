import CommandLine
import Numerics
import Randomness
import Testing

@Suite("A table fits the terminal, and nothing is lost")
struct TableFitTests {
    private static func evaluation() -> Table {
        var table = Table([
            .init("model"), .init("recall@20", .right), .init("95 %", .right),
            .init("NDCG@10", .right), .init("NDCG@20", .right), .init("hit@10", .right),
            .init("coverage", .right), .init("trained in", .right),
        ])
        table.add([
            "item-to-item", "0.2291", "0.2156–0.2425", "0.1357", "0.1579", "0.4642", "85.1 %",
            "52 ms",
        ])
        return table
    }

    @Test("The widest text is wrapped first; a table that fits is as it was")
    func wrapped() {
        var table = Table([
            .init("item"), .init("title"), .init("score", .right), .init("source"),
        ])
        table.add(["i1871", "Greenway Rustic Garden Tools", "0.5679", "item_to_item"])
        table.add(["i2", "手机壳", "0.5", "als"])
        let whole = """
            item   title                          score  source
            ─────  ────────────────────────────  ──────  ────────────
            i1871  Greenway Rustic Garden Tools  0.5679  item_to_item
            i2     手机壳                           0.5  als
            """
        #expect(table.rendered(columns: nil) == whole)
        #expect(table.rendered(columns: 57) == whole)
        #expect(
            table.rendered(columns: 56) == """
                item   title                         score  source
                ─────  ───────────────────────────  ──────  ────────────
                i1871  Greenway Rustic Garden       0.5679  item_to_item
                       Tools
                i2     手机壳                          0.5  als
                """)
    }

    @Test("A bar goes before a text is wrapped")
    func bars() {
        var table = Table([.init("user"), .init("share", .right), .init("", .bar), .init("why")])
        table.add(["u1", "50 %", "██████", "more orders than others"])
        #expect(
            table.rendered(columns: 40) == """
                user  share  why
                ────  ─────  ───────────────────────
                u1     50 %  more orders than others
                """)
    }

    @Test("A column without a word goes before a text is wrapped")
    func empty() {
        var table = Table([.init("role"), .init("last exit"), .init("counters")])
        table.add(["ingest 0", "", "batches 0, accepted 0"])
        #expect(
            table.rendered(columns: 31) == """
                role      counters
                ────────  ─────────────────────
                ingest 0  batches 0, accepted 0
                """)
    }

    @Test("Where numbers alone are too wide, the table is parted, each part with the first column")
    func parted() {
        #expect(
            Self.evaluation().rendered(columns: 60) == """
                model         recall@20           95 %  NDCG@10  NDCG@20
                ────────────  ─────────  ─────────────  ───────  ───────
                item-to-item     0.2291  0.2156–0.2425   0.1357   0.1579

                model         hit@10  coverage  trained in
                ────────────  ──────  ────────  ──────────
                item-to-item  0.4642    85.1 %       52 ms
                """)
    }

    @Test("Any table at any width: no line is longer, every number whole, every letter there")
    func random() {
        var random = SeededRandom(seed: 80)
        let words = ["a", "purchase", "世界", "electronics/laptop-bag", "x1", "stats.spend_30d"]
        for _ in 0..<300 {
            let kinds = (0..<random.index(below: 9) + 1).map { _ in
                [Table.Kind.left, .right, .bar][random.index(below: 3)]
            }
            var table = Table(kinds.map { .init($0 == .bar ? "" : "col", $0) })
            var cells: [(Table.Kind, String)] = []
            for _ in 0..<random.index(below: 4) + 1 {
                let row = kinds.map { kind -> String in
                    switch kind {
                    case .left:
                        (0..<random.index(below: 12)).map { _ in
                            words[random.index(below: words.count)]
                        }
                        .joined(separator: " ")
                    case .right: "\(random.index(below: 1_000_000))"
                    case .bar: String(repeating: "█", count: random.index(below: 20))
                    }
                }
                table.add(row)
                cells += zip(kinds, row)
            }
            // The widest number beside a first column that is wrapped to eight.
            let most = 40 + random.index(below: 80)
            let text = table.rendered(columns: most)
            for line in text.split(separator: "\n") {
                #expect(DisplayWidth.of(String(line)) <= most, "\n\(text)")
            }
            let letters = text.filter { !$0.isWhitespace && $0 != "─" && $0 != "█" }
            for (kind, cell) in cells where kind == .right {
                #expect(text.contains(cell), "\(cell) of\n\(text)")
            }
            let wanted = cells.filter { $0.0 != .bar }.map(\.1).joined().filter { $0 != " " }
            for letter in Set(wanted) {
                #expect(
                    letters.count { $0 == letter } >= wanted.count { $0 == letter },
                    "\(letter) of\n\(text)")
            }
        }
    }

    @Test("Emphasis is repeated on each line of what is wrapped")
    func emphasis() {
        let style = Style.coloured
        var table = Table([.init("a"), .init("b")])
        table.add(["x", style.dim("one two three four five")])
        let lines = Style.shown(table.rendered(columns: 18)).split(separator: "\n").suffix(2)
        #expect(
            Array(lines) == [
                "x  \u{1B}[2mone two three\u{1B}[0m", "   \u{1B}[2mfour five\u{1B}[0m",
            ])
    }
}
