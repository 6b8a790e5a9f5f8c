/// Asks for items similar to an item.
package struct SimilarRequest: WireMessage {
    package static let kind: Kind? = .similarRequest

    package var itemID = ""
    package var count: UInt32 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &itemID)
            case 2: try reader.read(field, into: &count)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, itemID)
        out.write(2, count)
    }
}

/// The answer to a similar request.
package struct SimilarItems: WireMessage {
    package static let kind: Kind? = .similarItems

    package var itemID = ""
    package var items: [RecommendedItem] = []
    package var model = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &itemID)
            case 2: try reader.read(field, into: &items)
            case 3: try reader.read(field, into: &model)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, itemID)
        out.write(2, items)
        out.write(3, model)
    }
}
