/// A compiled expression: steps over an array of numbers, without names, branches or allocations.
///
/// The array begins with the slots, then has the constants, then one place per step. The same steps
/// run over one user (here) and over columns of users (in `Audiences`).
package struct Program: Sendable {
    package struct Step: Sendable {
        package var operation: Operation
        package var a: UInt16
        package var b: UInt16
        package var c: UInt16
        package var out: UInt16
    }

    package private(set) var steps: [Step] = []
    package private(set) var constants: [Double] = []
    /// The sets of `among`, and the questions of `text`, by the second operand of their steps.
    package private(set) var sets: [[Double]] = []
    package private(set) var tests: [TextTest] = []
    package let slotCount: Int
    package private(set) var registerCount = 0
    /// Where the result is.
    package private(set) var result = 0

    init(_ term: Term, slotCount: Int) {
        self.slotCount = slotCount
        // Constants first, because they lie below the steps.
        collect(term)
        registerCount = slotCount + constants.count
        result = emit(term)
    }

    private mutating func collect(_ term: Term) {
        switch term {
        case .constant(let value):
            if constantPlace(value) == nil { constants.append(value) }
        case .slot, .text: break
        case .operation(_, let parts): for part in parts { collect(part) }
        case .among(let part, _): collect(part)
        }
    }

    private func constantPlace(_ value: Double) -> Int? {
        constants.firstIndex { $0.bitPattern == value.bitPattern }
    }

    private mutating func emit(_ term: Term) -> Int {
        switch term {
        case .constant(let value): return slotCount + (constantPlace(value) ?? 0)
        case .slot(let place): return place
        case .text(let test):
            tests.append(test)
            return append(.text, [0, tests.count - 1])
        case .among(let part, let values):
            let place = emit(part)
            sets.append(values)
            return append(.among, [place, sets.count - 1])
        case .operation(let operation, let parts):
            return append(operation, parts.map { emit($0) })
        }
    }

    private mutating func append(_ operation: Operation, _ places: [Int]) -> Int {
        func place(_ at: Int) -> UInt16 { at < places.count ? UInt16(places[at]) : 0 }
        steps.append(
            Step(
                operation: operation, a: place(0), b: place(1), c: place(2),
                out: UInt16(registerCount)))
        registerCount += 1
        return registerCount - 1
    }

    /// The array to evaluate in, with unknown slots; made once and used again.
    package func registers() -> [Double] {
        [Double](repeating: .nan, count: slotCount) + constants
            + [Double](repeating: .nan, count: registerCount - slotCount - constants.count)
    }

    /// The result for the slots at the beginning of `registers`, and the text of a text slot; NaN
    /// is unknown.
    package func evaluate(
        _ registers: inout [Double], text: (Int) -> String? = { _ in nil }
    ) -> Double {
        var values = registers.mutableSpan
        for index in steps.indices {
            let step = steps[index]
            let a = values[Int(step.a)]
            let b: Double
            switch step.operation {
            case .among:
                values[Int(step.out)] =
                    a.isNaN ? .nan : sets[Int(step.b)].contains(a) ? 1 : 0
                continue
            case .text:
                values[Int(step.out)] = tests[Int(step.b)].value(text)
                continue
            case .choose:
                values[Int(step.out)] =
                    a.isNaN ? .nan : values[Int(a == 1 ? step.b : step.c)]
                continue
            default: b = values[Int(step.b)]
            }
            values[Int(step.out)] = Self.apply(step.operation, a, b)
        }
        return values[result]
    }

    /// The truth tables are Kleene's: what is unknown stays so unless the other side decides.
    @inline(__always)
    package static func apply(_ operation: Operation, _ a: Double, _ b: Double) -> Double {
        switch operation {
        case .negate: -a
        case .not: 1 - a
        case .known: a.isNaN ? 0 : 1
        case .absolute: a.magnitude
        case .floor: a.rounded(.down)
        case .ceiling: a.rounded(.up)
        case .round: a.rounded(.toNearestOrAwayFromZero)
        case .add: finite(a + b)
        case .subtract: finite(a - b)
        case .multiply: finite(a * b)
        case .divide: finite(a / b)
        case .remainder: finite(a.truncatingRemainder(dividingBy: b))
        case .minimum: a.isNaN || b.isNaN ? .nan : (b < a ? b : a)
        case .maximum: a.isNaN || b.isNaN ? .nan : (b > a ? b : a)
        case .less: a.isNaN || b.isNaN ? .nan : (a < b ? 1 : 0)
        case .lessOrEqual: a.isNaN || b.isNaN ? .nan : (a <= b ? 1 : 0)
        case .equal: a.isNaN || b.isNaN ? .nan : (a == b ? 1 : 0)
        case .notEqual: a.isNaN || b.isNaN ? .nan : (a != b ? 1 : 0)
        case .and: a == 0 || b == 0 ? 0 : a * b
        case .or: a == 1 || b == 1 ? 1 : a + b
        case .otherwise: a.isNaN ? b : a
        case .choose, .among, .text: .nan
        }
    }

    /// What is infinite, such as a division by zero, is unknown.
    @inline(__always)
    package static func finite(_ value: Double) -> Double { value + (value - value) }
}
