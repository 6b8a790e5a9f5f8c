/// Why an item was recommended.
package struct Reason: WireMessage {
    /// Item_to_item, als, popular, new …
    package var source = ""
    /// Part of the score.
    package var weight: Double = 0
    /// The item of the user's history that led here.
    package var becauseItem = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &source)
            case 2: try reader.read(field, into: &weight)
            case 3: try reader.read(field, into: &becauseItem)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, source)
        out.write(2, weight)
        out.write(3, becauseItem)
    }
}

/// An item with its score.
package struct RecommendedItem: WireMessage {
    package var itemID = ""
    package var score: Double = 0
    /// Strongest source.
    package var source = ""
    package var reasons: [Reason] = []
    package var title = ""
    package var category = ""
    package var price: Double = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &itemID)
            case 2: try reader.read(field, into: &score)
            case 3: try reader.read(field, into: &source)
            case 4: try reader.read(field, into: &reasons)
            case 5: try reader.read(field, into: &title)
            case 6: try reader.read(field, into: &category)
            case 7: try reader.read(field, into: &price)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, itemID)
        out.write(2, score)
        out.write(3, source)
        out.write(4, reasons)
        out.write(5, title)
        out.write(6, category)
        out.write(7, price)
    }
}
