import CommandLine
import Foundation
import Messages
import Testing

@Suite("Files in the formats of well-known data sets become the right records")
struct MappingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var mapping: String
        var text: String
        var expected: String
        var testDescription: String { "\(mapping): \(text.prefix(30))" }
    }

    static let cases = [
        Case(
            mapping: "taobao",
            text: "user_id,item_id,category_id,behavior,timestamp\n7,8,9,buy,1511544070\n",
            expected: "{\"user_id\":\"7\",\"type\":\"purchase\",\"time_ms\":1511544070000,"
                + "\"item_id\":\"8\",\"category\":\"9\"}"),
        Case(
            mapping: "taobao", text: "7,8,9,fav,1511544070\n",
            expected: "{\"user_id\":\"7\",\"type\":\"favourite\",\"time_ms\":1511544070000,"
                + "\"item_id\":\"8\",\"category\":\"9\"}"),
        Case(
            mapping: "rees46",
            text: "event_time,event_type,product_id,category_id,category_code,brand,price,"
                + "user_id,user_session\n2019-10-01 00:00:01 UTC,cart,5,21,"
                + "furniture.sofa,acme,54.5,12,ab-cd\n",
            expected: "{\"user_id\":\"12\",\"type\":\"cart_add\",\"time_ms\":1569888001000,"
                + "\"item_id\":\"5\",\"category\":\"furniture/sofa\",\"brand\":\"acme\","
                + "\"price\":54.5,\"session_id\":\"ab-cd\"}"),
        Case(
            mapping: "retailrocket",
            text: "timestamp,visitorid,event,itemid,transactionid\n"
                + "1430636062541,28,addtocart,29,\n",
            expected: "{\"user_id\":\"28\",\"type\":\"cart_add\",\"time_ms\":1430636062541,"
                + "\"item_id\":\"29\"}"),
        Case(
            mapping: "yoochoose", text: "SessionId\tItemId\tTime\n3\t21\t1396437466.94\n",
            expected: "{\"user_id\":\"3\",\"type\":\"view\",\"time_ms\":1396437466940,"
                + "\"item_id\":\"21\",\"session_id\":\"3\"}"),
        Case(
            mapping: "movielens-ratings", text: "user_id,movie_id,rating,seq\n1,31,4,2\n",
            expected: "{\"user_id\":\"1\",\"type\":\"rating\",\"time_ms\":946771320000,"
                + "\"item_id\":\"31\",\"value\":4}"),
        Case(
            mapping: "movielens-ratings-dat", text: "1::31::5::978300760\n",
            expected: "{\"user_id\":\"1\",\"type\":\"rating\",\"time_ms\":978300760000,"
                + "\"item_id\":\"31\",\"value\":5}"),
        Case(
            mapping: "movielens-movies", text: "1::Some Film (1995)::Comedy|War\n",
            expected: "{\"item_id\":\"1\",\"title\":\"Some Film (1995)\","
                + "\"category\":\"Comedy\",\"keywords\":[\"Comedy\",\"War\"]}"),
        Case(
            mapping: "movielens-users", text: "2::F::56::16::70072\n",
            expected: "{\"user_id\":\"2\",\"gender\":\"female\",\"age\":56,"
                + "\"occupation\":\"16\",\"region\":\"70072\"}"),
        Case(
            mapping: "amazon-instruments-reviews",
            text: "{\"reviewerID\":\"A\",\"asin\":\"B\",\"overall\":4.0,"
                + "\"unixReviewTime\":1393545600,\"summary\":\"s\",\"reviewText\":\"fine\"}\n",
            expected: "{\"user_id\":\"A\",\"type\":\"review\",\"time_ms\":1393545600000,"
                + "\"item_id\":\"B\",\"value\":4,\"text\":\"fine\"}"),
        Case(
            mapping: "columns",
            text: "user_id;item_id;type;price;shelf;time\n"
                + "7;8;purchase;3.5;a;2023-11-14T22:13:20Z\n",
            expected: "{\"user_id\":\"7\",\"type\":\"purchase\",\"time_ms\":1700000000000,"
                + "\"item_id\":\"8\",\"price\":3.5}"),
        Case(
            mapping: "columns", text: "time_ms,type,user_id\n1700000000000,login,7\n",
            expected: "{\"user_id\":\"7\",\"type\":\"login\",\"time_ms\":1700000000000}"),
        Case(
            mapping: "columns", text: "item_id,title,category\n8,Lamp,home/lamp\n",
            expected: "{\"item_id\":\"8\",\"title\":\"Lamp\",\"category\":\"home/lamp\"}"),
        Case(
            mapping: "columns", text: "user_id,age,interests\n7,53,tea|books\n",
            expected: "{\"user_id\":\"7\",\"age\":53,\"interests\":[\"tea\",\"books\"]}"),
        Case(
            mapping: "limn",
            text: "{\"event\":{\"user_id\":\"u\",\"type\":\"view\",\"time_ms\":5}}\n",
            expected: "{\"user_id\":\"u\",\"type\":\"view\",\"time_ms\":5}"),
    ]

    /// Writes a file into a folder of its own and reads it.
    static func read(_ text: String, mapping: String) throws -> ([Record], [RowError], String) {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("limn-mapping-\(UUID().uuidString).txt")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        var reader = try RecordReader(file.path, mappingName: mapping)
        var records: [Record] = []
        var errors: [RowError] = []
        while let row = try reader.next() {
            switch row {
            case .record(let record): records.append(record)
            case .failed(let error): errors.append(error)
            }
        }
        return (records, errors, reader.mapping.name)
    }

    static func bare(_ record: Record) -> String {
        switch record.content {
        case .event(var event):
            event.eventID = ""
            return RecordJSON.value(event).rendered()
        case .item(let item): return RecordJSON.value(item).rendered()
        case .user(let user): return RecordJSON.value(user).rendered()
        case .link(let link): return RecordJSON.value(link).rendered()
        case nil: return ""
        }
    }

    @Test("Each built-in mapping, recognised by itself and by name", arguments: cases)
    func builtIn(_ example: Case) throws {
        for name in ["auto", example.mapping] {
            let (records, errors, found) = try Self.read(example.text, mapping: name)
            #expect(found == example.mapping)
            #expect(errors.isEmpty, "\(errors)")
            #expect(records.map(Self.bare) == [example.expected])
        }
    }

    @Test("Online Retail: purchases, cancellations, and items found on the way")
    func onlineRetail() throws {
        let text = """
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            53,85A,"HEART, WHITE",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
            C54,85A,"HEART, WHITE",-1,2010-12-01 09:41:00,2.55,17850.0,United Kingdom
            55,90B,LAMP,1,2010-12-01 10:00:00,3.5,,France
            """
        let (records, errors, _) = try Self.read(text, mapping: "auto")
        let lines = records.map(Self.bare)
        try #require(lines.count == 3)
        #expect(lines[0].contains("\"title\":\"HEART, WHITE\""))
        #expect(lines[1].contains("\"type\":\"purchase\"") && lines[1].contains("\"quantity\":6"))
        #expect(lines[1].contains("\"user_id\":\"17850\""))
        #expect(lines[2].contains("\"type\":\"refund\"") && lines[2].contains("\"quantity\":1"))
        #expect(errors.map(\.code) == [.missing])
        #expect(errors.first?.line == 4 && errors.first?.column == "CustomerID")
    }

    @Test("Every bad row is reported with line, column and code, and the rest goes through")
    func badRows() throws {
        let text = """
            user_id,item_id,category_id,behavior,timestamp
            1,2,3,pv,1511544070
            1,2,3,jump,1511544070
            1,2,3,pv,yesterday
            1,2,3,pv
            ,2,3,pv,1511544070
            1,2,3,pv,"1511544070
            """
        let (records, errors, _) = try Self.read(text, mapping: "taobao")
        #expect(records.count == 1)
        #expect(errors.map(\.code) == [.type, .time, .columns, .missing, .quote])
        #expect(errors.map(\.line) == [3, 4, 5, 6, 7])
        #expect(errors[1].column == "timestamp")
    }

    @Test("The same row always gets the same event id, and other rows other ids")
    func eventIDs() throws {
        let text = "7,8,9,pv,1511544070\n7,8,9,pv,1511544070\n"
        let (records, _, _) = try Self.read(text, mapping: "auto")
        let ids = records.map { record in
            if case .event(let event)? = record.content { event.eventID } else { "" }
        }
        #expect(Set(ids).count == 2)
        #expect(ids.allSatisfy { !$0.isEmpty })
    }
}
