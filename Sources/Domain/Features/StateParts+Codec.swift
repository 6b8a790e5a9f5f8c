import Messages

// The parts of a stored state, each beside its reader.

/// What a stored tile has beside its counts.
private struct TileFlags: OptionSet {
    let rawValue: UInt8
    static let spend = TileFlags(rawValue: 1)
    static let refunded = TileFlags(rawValue: 2)
    static let discount = TileFlags(rawValue: 4)
    static let sessions = TileFlags(rawValue: 8)
    /// Events of kinds that are not counted apart, or more than a count can say.
    static let others = TileFlags(rawValue: 16)
}

extension Tile {
    private var flags: TileFlags {
        var flags: TileFlags = []
        if spend.bitPattern != 0 { flags.insert(.spend) }
        if refunded.bitPattern != 0 { flags.insert(.refunded) }
        if discount.bitPattern != 0 { flags.insert(.discount) }
        if sessions != 0 { flags.insert(.sessions) }
        if UInt32(events) != countedEvents { flags.insert(.others) }
        return flags
    }

    private var countedEvents: UInt32 {
        SIMD8<UInt32>(truncatingIfNeeded: counts).wrappedSum()
    }

    /// Distance, which kinds and their counts, flags, three sums of money, sessions, events.
    static let encodedBytesMax = 10 + 2 + 8 * 3 + 1 + 3 * 4 + 3 + 3

    fileprivate func encode(into out: inout OutputSpan<UInt8>) {
        let counts = counts
        var present: UInt8 = 0
        for kind in 0..<8 where counts[kind] != 0 { present |= 1 << UInt8(kind) }
        out.append(varint: UInt64(present))
        for kind in 0..<8 where counts[kind] != 0 { out.append(varint: UInt64(counts[kind])) }
        let flags = flags
        out.append(flags.rawValue)
        if flags.contains(.spend) { out.put(spend) }
        if flags.contains(.refunded) { out.put(refunded) }
        if flags.contains(.discount) { out.put(discount) }
        if flags.contains(.sessions) { out.append(varint: UInt64(sessions)) }
        if flags.contains(.others) { out.append(varint: UInt64(events)) }
    }

    fileprivate init(bucket: Int32, decoding reader: inout WireReader) throws {
        self.init(bucket: bucket)
        let present = UInt8(truncatingIfNeeded: try reader.varint())
        for kind in 0..<8 where present & (1 << UInt8(kind)) != 0 {
            self[kind] = UInt16(truncatingIfNeeded: try reader.varint())
        }
        let flags = TileFlags(
            rawValue: UInt8(truncatingIfNeeded: try reader.varint()))
        if flags.contains(.spend) { spend = Float(bitPattern: try reader.fixed32()) }
        if flags.contains(.refunded) { refunded = Float(bitPattern: try reader.fixed32()) }
        if flags.contains(.discount) { discount = Float(bitPattern: try reader.fixed32()) }
        if flags.contains(.sessions) { sessions = UInt16(truncatingIfNeeded: try reader.varint()) }
        events = UInt16(
            truncatingIfNeeded: flags.contains(.others)
                ? try reader.varint() : UInt64(countedEvents))
    }
}

extension Tiles {
    func encode(into out: inout OutputSpan<UInt8>) {
        out.append(varint: UInt64(tiles.count))
        var previous: Int32 = 0
        for tile in tiles {
            out.put(Int64(tile.bucket &- previous))
            previous = tile.bucket
            tile.encode(into: &out)
        }
    }

    init(decoding reader: inout WireReader) throws {
        var tiles: [Tile] = []
        var previous: Int32 = 0
        for _ in 0..<(try reader.count(max: Int(StateLimits.dayTiles))) {
            previous = previous &+ Int32(truncatingIfNeeded: try reader.signed())
            tiles.append(try Tile(bucket: previous, decoding: &reader))
        }
        self.init(tiles: tiles)
    }
}

extension Session {
    func encode(into out: inout OutputSpan<UInt8>) {
        out.append(varint: UInt64(count))
        out.put(startMs)
        out.put(lastMs &- startMs)
        out.append(varint: UInt64(events))
        out.append(varint: UInt64(views))
        out.append(varint: UInt64(carts))
        out.append(varint: UInt64(purchases))
        out.put(closedMs)
        out.put(longestMs)
        out.append(varint: UInt64(bounces))
        out.append(varint: UInt64(buying))
    }

    init(decoding reader: inout WireReader) throws {
        self.init()
        count = UInt32(truncatingIfNeeded: try reader.varint())
        startMs = try reader.signed()
        lastMs = startMs &+ (try reader.signed())
        events = UInt32(truncatingIfNeeded: try reader.varint())
        views = UInt32(truncatingIfNeeded: try reader.varint())
        carts = UInt32(truncatingIfNeeded: try reader.varint())
        purchases = UInt32(truncatingIfNeeded: try reader.varint())
        closedMs = try reader.signed()
        longestMs = try reader.signed()
        bounces = UInt32(truncatingIfNeeded: try reader.varint())
        buying = UInt32(truncatingIfNeeded: try reader.varint())
    }
}

extension PurchaseRhythm {
    func encode(into out: inout OutputSpan<UInt8>) {
        out.put(firstMs)
        out.put(lastMs &- firstMs)
        out.put(decisionMs)
        out.append(varint: UInt64(decisions))
        out.append(varint: UInt64(gaps))
        out.put(gapHours)
        out.put(gapHoursSquared)
        out.put(dearest)
    }

    init(decoding reader: inout WireReader) throws {
        self.init()
        firstMs = try reader.signed()
        lastMs = firstMs &+ (try reader.signed())
        decisionMs = try reader.signed()
        decisions = UInt32(truncatingIfNeeded: try reader.varint())
        gaps = UInt32(truncatingIfNeeded: try reader.varint())
        gapHours = try reader.double()
        gapHoursSquared = try reader.double()
        dearest = try reader.double()
    }
}

extension Affinities {
    func encode(into out: inout OutputSpan<UInt8>) {
        out.put(referenceHour)
        out.append(varint: UInt64(count))
        forEach { kind, mark, name in
            out.append(kind.rawValue)
            out.append(fixed64: mark.hash)
            out.put(name)
            out.put(mark.weight)
        }
    }

    init(decoding reader: inout WireReader) throws {
        self.init()
        referenceHour = try reader.signed()
        let most = AffinityKind.allCases.reduce(0) { $0 + $1.limit }
        for _ in 0..<(try reader.count(max: most)) {
            guard let kind = AffinityKind(rawValue: UInt8(truncatingIfNeeded: try reader.varint()))
            else { throw FoldError.stateDamaged }
            let entry = AffinityEntry(
                kind: kind, hash: try reader.fixed64(), name: try reader.text(),
                weight: try reader.double())
            guard restore(entry) else { throw FoldError.stateDamaged }
        }
    }
}

extension Affinities {
    var encodedBytesMax: Int {
        var most = 0
        forEach { _, _, name in most += 1 + 8 + 9 + textBytesMax(name) }
        return most
    }
}

extension Recents {
    var encodedBytesMax: Int {
        var most = 0
        forEach { most += textBytesMax($0.itemID) + 5 + 10 }
        return most
    }
}

/// A text with its length before it.
@inline(__always)
func textBytesMax(_ text: String) -> Int { text.utf8.count + 5 }

extension OutputSpan<UInt8> {
    /// Zig-zag varint, short for numbers near zero of either sign.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func put(_ value: Int64) {
        append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// A zero takes one byte: most sums of a typical user are zero.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func put(_ value: Double) {
        guard value.bitPattern != 0 else { return append(0) }
        append(1)
        append(fixed64: value.bitPattern)
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func put(_ value: Float) {
        let bits = value.bitPattern
        for shift in 0..<UInt32(4) { append(UInt8(truncatingIfNeeded: bits >> (8 * shift))) }
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func put(_ text: String) {
        let bytes = text.utf8.span
        append(varint: UInt64(bytes.count))
        append(copying: bytes)
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
