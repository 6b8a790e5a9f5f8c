/// How strongly a user leans to one category, brand or other name.
package struct Affinity: WireMessage {
    /// Category, brand, keyword, device, channel, price_band.
    package var kind = ""
    package var name = ""
    /// Of the kind's decayed weight, 0 to 1.
    package var share: Double = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &kind)
            case 2: try reader.read(field, into: &name)
            case 3: try reader.read(field, into: &share)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, kind)
        out.write(2, name)
        out.write(3, share)
    }
}

/// One of the newest events of a user.
package struct RecentEvent: WireMessage {
    package var type: EventType = .unknown
    package var timeMs: Int64 = 0
    package var itemID = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &type)
            case 2: try reader.read(field, into: &timeMs)
            case 3: try reader.read(field, into: &itemID)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, type)
        out.write(2, timeMs)
        out.write(3, itemID)
    }
}

/// How likely a user is to do something within a horizon.
package struct Prediction: WireMessage {
    /// Purchase.
    package var name = ""
    /// Calibrated.
    package var probability: Double = 0
    package var horizonHours: UInt32 = 0
    /// Name and version that said so.
    package var model = ""
    /// Features that moved it most, signed.
    package var reasons: [NamedValue] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &name)
            case 2: try reader.read(field, into: &probability)
            case 3: try reader.read(field, into: &horizonHours)
            case 4: try reader.read(field, into: &model)
            case 5: try reader.read(field, into: &reasons)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, name)
        out.write(2, probability)
        out.write(3, horizonHours)
        out.write(4, model)
        out.write(5, reasons)
    }
}
