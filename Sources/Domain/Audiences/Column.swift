/// Numbers by row, in chunks that each take the least memory that is exact.
///
/// Most numbers of a shop are counts, shares of few users, or unknown; so a chunk begins as one
/// value with exceptions, then holds single precision while every value survives it, and double
/// otherwise.
struct Column: Sendable {
    typealias Vector = SIMD8<Double>
    /// Rows of a chunk.
    static let chunk = 1024
    /// Vectors of a chunk.
    static let vectors = chunk / Vector.scalarCount
    /// More exceptions than this are no exceptions: they cost ten bytes each instead of four.
    private static let exceptionsMax = 256

    private enum Chunk: Sendable {
        /// One value but for some rows, which rise.
        case sparse(Double, [UInt16], [Double])
        case narrow([SIMD8<Float>])
        case wide([Vector])
    }

    private var chunks: [Chunk] = []

    /// Makes room for rows, whose values are unknown.
    mutating func grow(toRows rows: Int) {
        let needed = (rows + Self.chunk - 1) / Self.chunk
        while chunks.count < needed { chunks.append(.sparse(.nan, [], [])) }
    }

    subscript(row: Int) -> Double {
        get {
            let at = row % Self.chunk
            switch chunks[row / Self.chunk] {
            case .sparse(let base, let rows, let values):
                let place = Self.place(of: UInt16(at), in: rows)
                return place < rows.count && rows[place] == at ? values[place] : base
            case .narrow(let vectors): return Double(vectors[at / 8][at % 8])
            case .wide(let vectors): return vectors[at / 8][at % 8]
            }
        }
        set { set(row, newValue) }
    }

    private mutating func set(_ row: Int, _ value: Double) {
        let at = row % Self.chunk
        let chunk = row / Self.chunk
        // Taken out, so that the arrays below are changed in place.
        let taken = chunks[chunk]
        chunks[chunk] = .sparse(.nan, [], [])
        switch taken {
        case .sparse(let base, var rows, var values):
            let place = Self.place(of: UInt16(at), in: rows)
            if place < rows.count && rows[place] == at {
                values[place] = value
            } else if !Self.same(value, base) {
                rows.insert(UInt16(at), at: place)
                values.insert(value, at: place)
            }
            chunks[chunk] = .sparse(base, rows, values)
            if rows.count > Self.exceptionsMax { widen(chunk) }
        case .narrow(var vectors):
            let narrow = Float(value)
            guard Self.same(Double(narrow), value) else {
                var wide = vectors.map { Vector($0) }
                wide[at / 8][at % 8] = value
                chunks[chunk] = .wide(wide)
                return
            }
            vectors[at / 8][at % 8] = narrow
            chunks[chunk] = .narrow(vectors)
        case .wide(var vectors):
            vectors[at / 8][at % 8] = value
            chunks[chunk] = .wide(vectors)
        }
    }

    /// From exceptions to plain values.
    private mutating func widen(_ chunk: Int) {
        var vectors = [Vector](repeating: Vector(repeating: .nan), count: Self.vectors)
        load(chunk, into: &vectors, at: 0)
        var isNarrow = true
        for vector in vectors {
            let back = Vector(SIMD8<Float>(vector))
            isNarrow = isNarrow && all((back .== vector) .| (vector .!= vector))
        }
        chunks[chunk] = isNarrow ? .narrow(vectors.map { SIMD8<Float>($0) }) : .wide(vectors)
    }

    /// Copies a chunk into a buffer from the vector `start` on.
    func load(_ chunk: Int, into buffer: inout [Vector], at start: Int) {
        var out = buffer.mutableSpan
        switch chunks[chunk] {
        case .sparse(let base, let rows, let values):
            let vector = Vector(repeating: base)
            for at in 0..<Self.vectors { out[start + at] = vector }
            for (row, value) in zip(rows, values) {
                out[start + Int(row) / 8][Int(row) % 8] = value
            }
        case .narrow(let vectors):
            let span = vectors.span
            for at in 0..<Self.vectors { out[start + at] = Vector(span[at]) }
        case .wide(let vectors):
            let span = vectors.span
            for at in 0..<Self.vectors { out[start + at] = span[at] }
        }
    }

    /// Bytes of the values, without what the allocator adds.
    var byteCount: Int {
        chunks.reduce(0) { sum, chunk in
            let own =
                switch chunk {
                case .sparse(_, let rows, let values): rows.count * 2 + values.count * 8
                case .narrow(let vectors): vectors.count * 32
                case .wide(let vectors): vectors.count * 64
                }
            return sum + own + MemoryLayout<Chunk>.stride
        }
    }

    private static func same(_ a: Double, _ b: Double) -> Bool {
        a == b || (a.isNaN && b.isNaN)
    }

    /// The first place whose row is not below.
    private static func place(of row: UInt16, in rows: [UInt16]) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Texts by row, each text kept once. Code 0 is unknown.
struct TextColumn: Sendable {
    private(set) var codes: [UInt32] = []
    private(set) var words: [String?] = [nil]
    private var places: [String: UInt32] = [:]

    mutating func grow(toRows rows: Int) {
        while codes.count < rows { codes.append(0) }
    }

    func text(_ row: Int) -> String? { words[Int(codes[row])] }

    mutating func set(_ row: Int, _ text: String?) {
        guard let text else {
            codes[row] = 0
            return
        }
        if let code = places[text] {
            codes[row] = code
        } else {
            let code = UInt32(words.count)
            places[text] = code
            words.append(text)
            codes[row] = code
        }
    }

    var byteCount: Int {
        codes.count * 4 + words.reduce(0) { $0 + 40 + ($1?.utf8.count ?? 0) }
    }
}
