/// Whether a user behaves like somebody who cheats, and why it seems so.
package struct UserRisk: WireMessage {
    /// 0 to 1, for ranking and thresholds; no probability.
    package var score: Double = 0
    /// Low, medium or high: by the score alone.
    package var level = ""
    /// Allow, review or block: what a rule demands, too.
    package var action = ""
    package var reasons: [UserRiskReason] = []
    /// Name and version; empty: rules alone.
    package var model = ""
    /// Newest event time that the windows are counted from.
    package var asOfMs: Int64 = 0
    /// The part of the rules, 0 to 1.
    package var rules: Double = 0
    /// Share of users who were less alone when the model was fitted.
    package var anomaly: Double = 0
    /// Calibrated chance that labels would say yes; 0 without labels.
    package var labelled: Double = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &score)
            case 2: try reader.read(field, into: &level)
            case 3: try reader.read(field, into: &action)
            case 4: try reader.read(field, into: &reasons)
            case 5: try reader.read(field, into: &model)
            case 6: try reader.read(field, into: &asOfMs)
            case 7: try reader.read(field, into: &rules)
            case 8: try reader.read(field, into: &anomaly)
            case 9: try reader.read(field, into: &labelled)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, score)
        out.write(2, level)
        out.write(3, action)
        out.write(4, reasons)
        out.write(5, model)
        out.write(6, asOfMs)
        out.write(7, rules)
        out.write(8, anomaly)
        out.write(9, labelled)
    }
}

/// One reason for a score of risk.
package struct UserRiskReason: WireMessage {
    /// Rule, anomaly or labels.
    package var source = ""
    /// Of the rule, or of what the model looked at.
    package var name = ""
    /// For people, with values.
    package var text = ""
    /// A rule's score; what it adds to the anomaly, or to the log odds of the labels.
    package var weight: Double = 0

    package init() {}

    package mutating func merge(from reader: inout WireReader) throws(DecodeError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.read(field, into: &source)
            case 2: try reader.read(field, into: &name)
            case 3: try reader.read(field, into: &text)
            case 4: try reader.read(field, into: &weight)
            default: try reader.skip(field)
            }
        }
    }

    package func encode(into out: inout [UInt8]) {
        out.write(1, source)
        out.write(2, name)
        out.write(3, text)
        out.write(4, weight)
    }
}
