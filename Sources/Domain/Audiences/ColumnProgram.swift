import Expressions

/// Runs the steps of an expression over chunks of users instead of one: the same steps, the same
/// results to the bit, eight users per instruction.
struct ColumnProgram {
    typealias Vector = Column.Vector

    private let program: Program
    /// `registerCount` chunks, one after the other.
    private var registers: [Vector]
    /// What each test of one text slot says of each word of its column.
    private var answers: [[Double]?]

    /// A program over text columns with these words.
    init(_ program: Program, words: (Int) -> [String?]) {
        self.program = program
        registers = [Vector](
            repeating: Vector(repeating: .nan), count: program.registerCount * Column.vectors)
        for (at, value) in program.constants.enumerated() {
            let start = (program.slotCount + at) * Column.vectors
            for vector in start..<start + Column.vectors {
                registers[vector] = Vector(repeating: value)
            }
        }
        answers = program.tests.map { test in
            guard test.slots.count == 1, let slot = test.slots.first else { return nil }
            return words(slot).map { word in test.value { _ in word } }
        }
    }

    /// Fills the register of a slot.
    mutating func load(_ slot: Int, from column: borrowing Column, chunk: Int) {
        column.load(chunk, into: &registers, at: slot * Column.vectors)
    }

    mutating func load(_ slot: Int, repeating value: Double) {
        let start = slot * Column.vectors
        for at in start..<start + Column.vectors { registers[at] = Vector(repeating: value) }
    }

    /// Adds one where the bit of a row is set.
    mutating func add(_ slot: Int, bits: [UInt64], chunk: Int) {
        let start = slot * Column.vectors
        var span = registers.mutableSpan
        for at in 0..<Column.vectors {
            let row = chunk * Column.chunk + at * 8
            let byte = bits[row / 64] >> UInt64(row % 64) & 255
            if byte == 0 { continue }
            for lane in 0..<8 where byte >> UInt64(lane) & 1 == 1 { span[start + at][lane] += 1 }
        }
    }

    /// Runs all steps; afterwards ``truth(into:)`` has the result.
    mutating func run(chunk: Int, texts: [TextColumn]) {
        for step in program.steps {
            switch step.operation {
            case .text: answer(step, chunk, texts)
            case .among: among(step)
            case .choose: choose(step)
            default: apply(step)
            }
        }
    }

    /// Bits of the rows for which the result is true.
    func truth(into words: inout [UInt64], at first: Int) {
        let start = program.result * Column.vectors
        let span = registers.span
        for word in 0..<Column.chunk / 64 {
            var bits: UInt64 = 0
            for part in 0..<8 {
                let isTrue = span[start + word * 8 + part] .== 1
                let ones = Vector(1, 2, 4, 8, 16, 32, 64, 128)
                let byte = Vector.zero.replacing(with: ones, where: isTrue).sum()
                bits |= UInt64(byte) << UInt64(part * 8)
            }
            words[first + word] = bits
        }
    }

    // MARK: Steps

    private mutating func answer(_ step: Program.Step, _ chunk: Int, _ texts: [TextColumn]) {
        let out = Int(step.out) * Column.vectors
        let test = program.tests[Int(step.b)]
        let first = chunk * Column.chunk
        if let table = answers[Int(step.b)], let slot = test.slots.first {
            let codes = texts[slot].codes
            for row in 0..<Column.chunk {
                let at = first + row
                registers[out + row / 8][row % 8] =
                    at < codes.count ? table[Int(codes[at])] : .nan
            }
            return
        }
        for row in 0..<Column.chunk {
            let at = first + row
            registers[out + row / 8][row % 8] = test.value { slot in
                at < texts[slot].codes.count ? texts[slot].text(at) : nil
            }
        }
    }

    private mutating func among(_ step: Program.Step) {
        let (a, out) = (Int(step.a) * Column.vectors, Int(step.out) * Column.vectors)
        for at in 0..<Column.vectors {
            let value = registers[a + at]
            var found = Vector.zero
            for one in program.sets[Int(step.b)] {
                found = found.replacing(with: 1, where: value .== one)
            }
            registers[out + at] = found.replacing(with: .nan, where: value .!= value)
        }
    }

    private mutating func choose(_ step: Program.Step) {
        let places = [step.a, step.b, step.c, step.out].map { Int($0) * Column.vectors }
        for at in 0..<Column.vectors {
            let condition = registers[places[0] + at]
            let chosen = registers[places[2] + at]
                .replacing(with: registers[places[1] + at], where: condition .== 1)
            registers[places[3] + at] = chosen.replacing(
                with: .nan, where: condition .!= condition)
        }
    }

    @inline(__always)
    private mutating func each(_ step: Program.Step, _ body: (Vector, Vector) -> Vector) {
        let a = Int(step.a) * Column.vectors
        let b = Int(step.b) * Column.vectors
        let out = Int(step.out) * Column.vectors
        var span = registers.mutableSpan
        for at in 0..<Column.vectors { span[out + at] = body(span[a + at], span[b + at]) }
    }

    /// Where the comparison holds 1, else 0; unknown where one side is.
    @inline(__always)
    private static func flag(
        _ holds: SIMDMask<SIMD8<Int64>>, _ a: Vector, _ b: Vector
    ) -> Vector {
        Vector.zero.replacing(with: 1, where: holds)
            .replacing(with: .nan, where: (a .!= a) .| (b .!= b))
    }

    @inline(__always)
    private static func finite(_ value: Vector) -> Vector { value + (value - value) }

    private mutating func apply(_ step: Program.Step) {
        switch step.operation {
        case .negate: each(step) { a, _ in -a }
        case .not: each(step) { a, _ in 1 - a }
        case .known: each(step) { a, _ in Vector.zero.replacing(with: 1, where: a .== a) }
        case .add: each(step) { Self.finite($0 + $1) }
        case .subtract: each(step) { Self.finite($0 - $1) }
        case .multiply: each(step) { Self.finite($0 * $1) }
        case .divide: each(step) { Self.finite($0 / $1) }
        case .less: each(step) { Self.flag($0 .< $1, $0, $1) }
        case .lessOrEqual: each(step) { Self.flag($0 .<= $1, $0, $1) }
        case .equal: each(step) { Self.flag($0 .== $1, $0, $1) }
        case .notEqual: each(step) { Self.flag($0 .!= $1, $0, $1) }
        case .and: each(step) { ($0 * $1).replacing(with: 0, where: ($0 .== 0) .| ($1 .== 0)) }
        case .or: each(step) { ($0 + $1).replacing(with: 1, where: ($0 .== 1) .| ($1 .== 1)) }
        case .otherwise: each(step) { $0.replacing(with: $1, where: $0 .!= $0) }
        case .absolute, .floor, .ceiling, .round, .remainder, .minimum, .maximum, .choose, .among,
            .text:
            // Rare: one user after the other.
            each(step) { a, b in
                var out = a
                for lane in 0..<8 {
                    out[lane] = Program.apply(step.operation, a[lane], b[lane])
                }
                return out
            }
        }
    }
}
