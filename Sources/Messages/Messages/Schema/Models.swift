/// Asks the trainer to train now.
package struct TrainRequest: WireMessage {
    package static let kind: Kind? = .trainRequest

    /// Empty = all.
    package var names: [String] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &names)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, names)
    }
}

/// Asks the trainer for the current models.
package struct ModelsRequest: WireMessage {
    package static let kind: Kind? = .modelsRequest

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            try reader.skip(field)
        }
    }

    package func encode(into out: inout [UInt8]) {
    }
}

/// What is known of one trained model.
package struct Model: WireMessage {
    /// Popularity, item_to_item, als, purchase_logistic, purchase_trees.
    package var name = ""
    package var version: UInt64 = 0
    package var parent: UInt64 = 0
    package var createdMs: Int64 = 0
    package var dataFromMs: Int64 = 0
    package var dataToMs: Int64 = 0
    package var rows: UInt64 = 0
    package var metrics: [NamedValue] = []
    /// Relative to the models folder.
    package var file = ""
    package var bytes: UInt64 = 0
    package var sha256 = ""
    package var trainingMs: UInt32 = 0
    /// Why it was not trained, or what is special.
    package var note = ""

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &name)
            case 2: try reader.read(field, into: &version)
            case 3: try reader.read(field, into: &parent)
            case 4: try reader.read(field, into: &createdMs)
            case 5: try reader.read(field, into: &dataFromMs)
            case 6: try reader.read(field, into: &dataToMs)
            case 7: try reader.read(field, into: &rows)
            case 8: try reader.read(field, into: &metrics)
            case 9: try reader.read(field, into: &file)
            case 10: try reader.read(field, into: &bytes)
            case 11: try reader.read(field, into: &sha256)
            case 12: try reader.read(field, into: &trainingMs)
            case 13: try reader.read(field, into: &note)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, name)
        out.write(2, version)
        out.write(3, parent)
        out.write(4, createdMs)
        out.write(5, dataFromMs)
        out.write(6, dataToMs)
        out.write(7, rows)
        out.write(8, metrics)
        out.write(9, file)
        out.write(10, bytes)
        out.write(11, sha256)
        out.write(12, trainingMs)
        out.write(13, note)
    }
}

/// The current models of a trainer.
package struct Models: WireMessage {
    package static let kind: Kind? = .models

    package var incarnation: UInt64 = 0
    package var sequence: UInt64 = 0
    /// The current one of each name.
    package var models: [Model] = []

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &incarnation)
            case 2: try reader.read(field, into: &sequence)
            case 3: try reader.read(field, into: &models)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, incarnation)
        out.write(2, sequence)
        out.write(3, models)
    }
}
