import Cleaning
import Events
import Messages

/// Applies the rules of cleaning to the records of batches, and counts what they did. Only records
/// that a rule concerns are decoded.
struct RecordCleaner {
    enum Outcome {
        case asItWas
        /// The record as the rules leave it.
        case changed([UInt8])
        /// The event was there before.
        case repeated
        case refused(Refusal)
    }

    let plan: CleaningPlan
    private let key: HashKey
    /// Decisions on the group under way.
    private var counts = CleaningCounts()
    /// As they were when the group began: of a source that was refused nobody has heard.
    private var before = CleaningCounts()
    private var concerned = CleaningPlan.Concerned()
    private var source: String?
    private var countedAs = ""
    private var memory = RepeatMemory()
    /// Of the record that was cleaned last.
    private var sights: [RepeatMemory.Sight] = []

    /// Nil where no rule is declared, so that nothing is asked of any record.
    /// `key` is the folder's.
    init?(_ plan: CleaningPlan, key: HashKey) {
        guard !plan.rules.isEmpty else { return nil }
        self.plan = plan
        self.key = key
        begin(source: "")
    }

    /// The next records are of this source.
    mutating func begin(source: String) {
        guard source != self.source else { return }
        self.source = source
        concerned = plan.concerning(source: source)
        countedAs = counts.name(source)
    }

    mutating func clean(_ frame: Span<UInt8>, _ range: Range<Int>) -> Outcome {
        sights = []
        // What cannot be decoded is for the checks to say.
        guard !concerned.isEmpty,
            var record = try? Record(decoding: frame.extracting(range)),
            var content = record.content, let kind = RecordKind(content), concerned.has(kind)
        else { return .asItWas }
        var decisions = 0
        let refusal = plan.clean(&content, concerned) { rule, decision in
            decisions += 1
            counts.note(rule, decision, source: countedAs)
        }
        if let refusal { return .refused(refusal) }
        sights = plan.sights(of: content, concerned, key)
        if let rule = memory.rule(knowing: sights) {
            counts.note(rule, .repeated, source: countedAs)
            return .repeated
        }
        guard decisions > 0 else { return .asItWas }
        record.content = content
        return .changed(record.encoded())
    }

    /// The record that was cleaned last is taken: whatever repeats it is dropped from now on.
    mutating func remember() { memory.note(sights) }

    /// The group under way is written, or was given up.
    mutating func endGroup(isWritten: Bool) {
        if isWritten {
            memory.commit()
        } else {
            memory.drop()
            counts = before
            source = nil
        }
        before = counts
    }

    /// What was decided since the last call.
    mutating func takeCounts() -> CleaningCounts { counts.take() }
}
