import CommandLine
import Testing

@Suite("limn quality, joins and segments on files, without a cluster")
struct QualityCommandTests {
    private static let header = "user_id,item_id,type,time,price,brand,channel\n"

    private static let dirty: String = {
        var lines = header
        for number in 0..<200 {
            let brand = ["Acme", "ACME ", "n/a", "Bolt"][number % 4]
            let price = number == 7 ? "99999" : "\(10 + number % 9)"
            lines +=
                "u\(number % 20),i\(number % 10),view,\(1_760_000_000 + number * 60),\(price),"
                + "\(brand),\n"
        }
        return lines + "u1,i1,view,1760000060,11,ACME ,\n" + ",i1,view,1760000060,11,x,\n"
    }()

    private static let mapping = """
        { record: "event", time: "s", fields: { user_id: "user_id", item_id: "item_id",
          type: "type", time: "time", price: "price", brand: "brand", channel: "channel" } }
        """

    @Test("what is odd is found, and the rules that are printed mend it")
    func wholeWay() throws {
        let folder = try FileFolder(prefix: "limn-quality")
        let file = try folder.write("dirty.csv", Self.dirty)
        let mapping = ["--mapping", try folder.write("m.json5", Self.mapping)]
        let data = ["--folder", "\(folder.path)/data"]
        let seen = Capture()
        #expect(seen.run(["quality", file, "--all"] + mapping + data) == 0, "\(seen.errors)")
        for text in [
            "202 rows", "201 events", "1 events are there once more", "nobody fills it",
            "blanks too many", "\"n/a\"", "lie far out", "refused: missing 1",
        ] { #expect(seen.output.contains(text), "\(text) in \(seen.output)") }
        let rules = Capture()
        #expect(rules.run(["quality", file, "--rules"] + mapping + data) == 0)
        let made = Capture()
        #expect(made.run(["init"] + data) == 0, "\(made.errors)")
        let configuration = try folder.read("data/limn.json5")
        _ = try folder.write(
            "data/limn.json5",
            configuration.replacing("cleaning: {},", with: rules.output + ","))
        let mended = Capture()
        #expect(mended.run(["quality", file] + mapping + data) == 0, "\(mended.errors)")
        for text in [
            "event price", "would be emptied", "event brand", "would be changed",
            "would be repeated",
        ] {
            #expect(mended.output.contains(text), "\(text) in \(mended.output)")
        }
        let json = Capture()
        #expect(json.run(["quality", file, "--json"] + mapping + data) == 0)
        #expect(json.output.contains("\"repeated\":1"), "\(json.output)")
    }

    @Test("a rule that cannot be understood is told with its name")
    func wrongRule() throws {
        let folder = try FileFolder(prefix: "limn-quality")
        let file = try folder.write("dirty.csv", Self.dirty)
        let data = ["--folder", "\(folder.path)/data"]
        #expect(Capture().run(["init"] + data) == 0)
        let configuration = try folder.read("data/limn.json5")
        _ = try folder.write(
            "data/limn.json5",
            configuration.replacing(
                "cleaning: {},", with: "cleaning: { odd: { field: 'prize', min: 1 } },"))
        let wrong = Capture()
        let mapping = ["--mapping", try folder.write("m.json5", Self.mapping)]
        #expect(wrong.run(["quality", file] + mapping + data) == 78, "\(wrong.output)")
        #expect(wrong.errors.contains("cleaning.odd: no field \"prize\""), "\(wrong.errors)")
    }

    @Test("a table is joined by its key: found, not found, twice, no such column")
    func join() throws {
        let folder = try FileFolder(prefix: "limn-join")
        let file = try folder.write("dirty.csv", Self.dirty)
        let mapping = ["--mapping", try folder.write("m.json5", Self.mapping), "--dry-run"]
        let table = try folder.write(
            "items.csv", "sku,category,colour\ni1,lamps,red\ni2,socks,blue\n")
        let joined = Capture()
        #expect(
            joined.run(["import", file, "--join", table, "--on", "item_id=sku"] + mapping) == 1)
        #expect(
            joined.output.contains("41 records found, 160 not in it"), "\(joined.output)")
        let twice = try folder.write("twice.csv", "item_id,brand\ni1,a\ni1,b\n")
        let refused = Capture()
        #expect(
            refused.run(["import", file, "--join", twice, "--on", "item_id"] + mapping) == 65)
        #expect(refused.errors.contains("twice.csv:3: item_id i1 came before"))
        let nothing = Capture()
        #expect(nothing.run(["import", file, "--join", table, "--on", "ean"] + mapping) == 65)
        #expect(nothing.errors.contains("has no column ean"), "\(nothing.errors)")
        #expect(Capture().run(["import", file, "--join", table] + mapping) == 64)
    }

    @Test("segments of files: too few users are said; a table falls into its groups")
    func segments() throws {
        let folder = try FileFolder(prefix: "limn-segments")
        let file = try folder.write("shop.jsonl", RiskCommandTests.shop())
        let model = ["--model", "\(folder.path)/segments.safetensors"]
        let fit = Capture()
        #expect(fit.run(["segments", "fit", file] + model) == 0, "\(fit.errors)")
        #expect(fit.output.contains("segments/1: 61 users"), "\(fit.output)")
        #expect(fit.output.contains("taste: 0 users; 20 are needed"), "\(fit.output)")
        let list = Capture()
        #expect(list.run(["segments", file] + model) == 0, "\(list.errors)")
        #expect(list.output.contains("new"), "\(list.output)")
        let none = Capture()
        #expect(none.run(["segments", "show", "champoins", file] + model) == 64)
        #expect(none.errors.contains("did you mean \"champions\"?"), "\(none.errors)")
        var rows = "x,y,same,empty\n"
        for number in 0..<60 {
            let (x, y) = [(0, 0), (50, 0), (0, 50)][number % 3]
            rows += "\(x + number % 5),\(y + number % 7),1,\n"
        }
        let table = Capture()
        #expect(table.run(["segments", "table", try folder.write("t.csv", rows)]) == 0)
        #expect(table.output.contains("3 clusters by k-means"), "\(table.output)")
        #expect(table.output.contains("without use: same, empty"), "\(table.output)")
    }
}
