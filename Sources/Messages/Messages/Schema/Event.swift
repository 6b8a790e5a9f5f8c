/// Something a user did. user_id, type and time_ms are required; item_id where the type is about
/// an item.
package struct Event: WireMessage {
    package var eventID = ""
    package var userID = ""
    package var type: EventType = .unknown
    /// Unix time, milliseconds.
    package var timeMs: Int64 = 0
    package var itemID = ""
    /// Path, "electronics/phone/case".
    package var category = ""
    package var brand = ""
    /// Of one piece.
    package var price: Double = 0
    /// 0 counts as 1.
    package var quantity: UInt32 = 0
    /// Rating, or dwell in seconds.
    package var value: Double = 0
    package var sessionID = ""
    /// Search query or review.
    package var text = ""
    package var recommendationID = ""
    package var channel = ""
    package var device = ""
    package var region = ""
    package var currency = ""
    package var discount: Double = 0
    package var properties: [Property] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &eventID)
            case 2: try reader.read(field, into: &userID)
            case 3: try reader.read(field, into: &type)
            case 4: try reader.read(field, into: &timeMs)
            case 5: try reader.read(field, into: &itemID)
            case 6: try reader.read(field, into: &category)
            case 7: try reader.read(field, into: &brand)
            case 8: try reader.read(field, into: &price)
            case 9: try reader.read(field, into: &quantity)
            case 10: try reader.read(field, into: &value)
            case 11: try reader.read(field, into: &sessionID)
            case 12: try reader.read(field, into: &text)
            case 13: try reader.read(field, into: &recommendationID)
            case 14: try reader.read(field, into: &channel)
            case 15: try reader.read(field, into: &device)
            case 16: try reader.read(field, into: &region)
            case 17: try reader.read(field, into: &currency)
            case 18: try reader.read(field, into: &discount)
            case 20: try reader.read(field, into: &properties)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, eventID)
        out.write(2, userID)
        out.write(3, type)
        out.write(4, timeMs)
        out.write(5, itemID)
        out.write(6, category)
        out.write(7, brand)
        out.write(8, price)
        out.write(9, quantity)
        out.write(10, value)
        out.write(11, sessionID)
        out.write(12, text)
        out.write(13, recommendationID)
        out.write(14, channel)
        out.write(15, device)
        out.write(16, region)
        out.write(17, currency)
        out.write(18, discount)
        out.write(20, properties)
    }
}
