/// Asks a feature worker for the states of users it owns.
package struct StateRequest: WireMessage {
    package static let kind: Kind? = .stateRequest

    package var userIDs: [String] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userIDs)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userIDs)
    }
}

/// The encoded state of a user.
package struct State: WireMessage {
    package var userID = ""
    package var found = false
    package var partition: UInt32 = 0
    package var version: UInt64 = 0
    /// Encoded by the Features module, versioned in its first byte.
    package var state: [UInt8] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &found)
            case 3: try reader.read(field, into: &partition)
            case 4: try reader.read(field, into: &version)
            case 5: try reader.read(field, into: &state)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, found)
        out.write(3, partition)
        out.write(4, version)
        out.write(5, state)
    }
}

/// A user of whom the worker cannot say anything: neither what is known nor that nothing is.
package struct StateFailure: WireMessage {
    package var userID = ""
    package var partition: UInt32 = 0
    /// `notOwner`: ask the owner; others: the owner cannot read the state now.
    package var code: ErrorCode = .noError

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &userID)
            case 2: try reader.read(field, into: &partition)
            case 3: try reader.read(field, into: &code)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, userID)
        out.write(2, partition)
        out.write(3, code)
    }
}

/// The answer to a state request.
package struct States: WireMessage {
    package static let kind: Kind? = .states

    package var states: [State] = []
    /// How far the shop's time has come by all of the worker's partitions; 0 in answers of versions
    /// that do not say it.
    package var newestMs: Int64 = 0
    /// Of users that ``states`` does not have.
    package var failures: [StateFailure] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &states)
            case 2: try reader.read(field, into: &newestMs)
            case 3: try reader.read(field, into: &failures)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, states)
        out.write(2, newestMs)
        out.write(3, failures)
    }
}
