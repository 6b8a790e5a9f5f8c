/// What the shop sells. A later record with the same id replaces the earlier one.
package struct Item: WireMessage {
    package var itemID = ""
    package var title = ""
    package var category = ""
    package var brand = ""
    package var price: Double = 0
    /// Never recommended while true.
    package var unavailable = false
    package var timeMs: Int64 = 0
    package var keywords: [String] = []
    package var image = ""
    package var properties: [Property] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &itemID)
            case 2: try reader.read(field, into: &title)
            case 3: try reader.read(field, into: &category)
            case 4: try reader.read(field, into: &brand)
            case 5: try reader.read(field, into: &price)
            case 6: try reader.read(field, into: &unavailable)
            case 7: try reader.read(field, into: &timeMs)
            case 8: try reader.read(field, into: &keywords)
            case 9: try reader.read(field, into: &image)
            case 20: try reader.read(field, into: &properties)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, itemID)
        out.write(2, title)
        out.write(3, category)
        out.write(4, brand)
        out.write(5, price)
        out.write(6, unavailable)
        out.write(7, timeMs)
        out.write(8, keywords)
        out.write(9, image)
        out.write(20, properties)
    }
}
