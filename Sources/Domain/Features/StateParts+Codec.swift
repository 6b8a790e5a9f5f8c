import Messages

// The parts of a stored state, each beside its reader.

extension Tiles {
    func encode(into out: inout [UInt8]) {
        out.appendVarint(UInt64(tiles.count))
        var previous: Int32 = 0
        for tile in tiles {
            out.put(Int64(tile.bucket &- previous))
            previous = tile.bucket
            var present: UInt8 = 0
            for kind in 0..<8 where tile.counts[kind] != 0 { present |= 1 << UInt8(kind) }
            out.appendVarint(UInt64(present))
            for kind in 0..<8 where tile.counts[kind] != 0 {
                out.appendVarint(UInt64(tile.counts[kind]))
            }
            // Only a bucket with a purchase has money in it.
            if tile.counts[Counted.purchase.rawValue] != 0 {
                out.appendFixed32(tile.spend.bitPattern)
            }
        }
    }

    init(decoding reader: inout WireReader) throws {
        var tiles: [Tile] = []
        var previous: Int32 = 0
        for _ in 0..<(try reader.count(max: Int(StateLimits.dayTiles))) {
            var tile = Tile(bucket: previous &+ Int32(truncatingIfNeeded: try reader.signed()))
            previous = tile.bucket
            let present = UInt8(truncatingIfNeeded: try reader.varint())
            for kind in 0..<8 where present & (1 << UInt8(kind)) != 0 {
                tile.counts[kind] = UInt16(truncatingIfNeeded: try reader.varint())
            }
            if tile.counts[Counted.purchase.rawValue] != 0 {
                tile.spend = Float(bitPattern: try reader.fixed32())
            }
            tiles.append(tile)
        }
        self.init(tiles: tiles)
    }
}

extension Session {
    func encode(into out: inout [UInt8]) {
        out.appendVarint(UInt64(count))
        out.put(startMs)
        out.put(lastMs - startMs)
        out.appendVarint(UInt64(events))
        out.appendVarint(UInt64(views))
        out.appendVarint(UInt64(carts))
        out.put(closedMs)
    }

    init(decoding reader: inout WireReader) throws {
        self.init()
        count = UInt32(truncatingIfNeeded: try reader.varint())
        startMs = try reader.signed()
        lastMs = startMs &+ (try reader.signed())
        events = UInt32(truncatingIfNeeded: try reader.varint())
        views = UInt32(truncatingIfNeeded: try reader.varint())
        carts = UInt32(truncatingIfNeeded: try reader.varint())
        closedMs = try reader.signed()
    }
}

extension PurchaseRhythm {
    func encode(into out: inout [UInt8]) {
        out.put(firstMs)
        out.put(lastMs - firstMs)
        out.put(decisionMs)
        out.appendVarint(UInt64(decisions))
    }

    init(decoding reader: inout WireReader) throws {
        self.init()
        firstMs = try reader.signed()
        lastMs = firstMs &+ (try reader.signed())
        decisionMs = try reader.signed()
        decisions = UInt32(truncatingIfNeeded: try reader.varint())
    }
}

extension Affinities {
    func encode(into out: inout [UInt8]) {
        out.put(referenceHour)
        out.appendVarint(UInt64(entries.count))
        for entry in entries {
            out.append(entry.kind.rawValue)
            out.appendFixed64(entry.hash)
            out.put(entry.name)
            out.put(entry.weight)
        }
    }

    init(decoding reader: inout WireReader) throws {
        self.init()
        referenceHour = try reader.signed()
        let most = AffinityKind.allCases.reduce(0) { $0 + $1.limit }
        for _ in 0..<(try reader.count(max: most)) {
            guard let kind = AffinityKind(rawValue: UInt8(truncatingIfNeeded: try reader.varint()))
            else { throw FoldError.stateDamaged }
            entries.append(
                AffinityEntry(
                    kind: kind, hash: try reader.fixed64(), name: try reader.text(),
                    weight: try reader.double()))
        }
    }
}

extension [UInt8] {
    /// Zig-zag varint, short for numbers near zero of either sign.
    mutating func put(_ value: Int64) {
        appendVarint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// A zero takes one byte: most sums of a typical user are zero.
    mutating func put(_ value: Double) {
        guard value.bitPattern != 0 else { return append(0) }
        append(1)
        appendFixed64(value.bitPattern)
    }

    mutating func put(_ text: String) {
        let bytes = text.utf8
        appendVarint(UInt64(bytes.count))
        append(contentsOf: bytes)
    }
}

extension WireReader {
    @_lifetime(self: copy self)
    mutating func signed() throws(DecodeError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    @_lifetime(self: copy self)
    mutating func double() throws(DecodeError) -> Double {
        try varint() == 0 ? 0 : Double(bitPattern: try fixed64())
    }

    @_lifetime(self: copy self)
    mutating func text() throws(DecodeError) -> String {
        try bytes.text(try delimited())
    }

    @_lifetime(self: copy self)
    mutating func count(max: Int) throws(DecodeError) -> Int {
        let value = try varint()
        guard value <= UInt64(max) else { throw .lengthTooLong }
        return Int(value)
    }

    @_lifetime(self: copy self)
    mutating func texts(max: Int) throws(DecodeError) -> [String] {
        var list: [String] = []
        for _ in 0..<(try count(max: max)) { list.append(try text()) }
        return list
    }
}
