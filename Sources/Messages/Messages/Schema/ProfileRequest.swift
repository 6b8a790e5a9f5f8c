/// Asks for the profile of a user.
package struct ProfileRequest: WireMessage {
    package static let kind: Kind? = .profileRequest

    package var userID = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
    }
}

/// Asks for the predictions of a user.
package struct PredictRequest: WireMessage {
    package static let kind: Kind? = .predictRequest

    package var userID = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
    }
}

/// The predictions of a user.
package struct Predictions: WireMessage {
    package static let kind: Kind? = .predictions

    package var userID = ""
    package var predictions: [Prediction] = []
    /// As in `Recommendations`.
    package var profileAgeMs: UInt32 = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &predictions)
            case 3: try reader.read(field, into: &profileAgeMs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, predictions)
        out.write(3, profileAgeMs)
    }
}
