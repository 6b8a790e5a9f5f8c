import Messages

/// The stored form of a state: a version byte, then fields in a fixed order. Sparse parts (counts,
/// tiles) are written sparsely: a typical state takes a few hundred bytes.
extension UserState {
    package static let formatVersion: UInt8 = 3

    package func encoded() -> [UInt8] {
        var out: [UInt8] = []
        encode(into: &out)
        return out
    }

    /// Appends what ``encoded()`` gives.
    package func encode(into out: inout [UInt8]) {
        var known: [UInt8] = []
        if let attributes { known.appendDelimited { attributes.encode(into: &$0) } }
        out.append(addingCapacity: encodedBytesMax + known.count) { out in
            out.append(Self.formatVersion)
            out.put(userID)
            out.append(varint: version)
            out.put(firstSeenMs)
            out.put(lastSeenMs &- firstSeenMs)
            putCounts(&out)
            hours.encode(into: &out)
            days.encode(into: &out)
            session.encode(into: &out)
            purchases.encode(into: &out)
            affinities.encode(into: &out)
            putItems(&out)
            out.append(attributes == nil ? 0 : 1)
            out.append(copying: known.span)
        }
    }

    /// No state takes more, whatever its numbers are: one growth for the whole, since most of the
    /// time would go into a check per field.
    private var encodedBytesMax: Int {
        var most = Self.fixedBytesMax + textBytesMax(userID)
        most += (hours.tiles.count + days.tiles.count) * Tile.encodedBytesMax
        most += affinities.encodedBytesMax
        most += recents.encodedBytesMax
        most += Self.bytesMax(purchased) + Self.bytesMax(hidden) + Self.bytesMax(cart)
        return most
    }

    private static func bytesMax(_ list: [String]) -> Int {
        list.reduce(0) { $0 + textBytesMax($1) }
    }

    /// Everything but texts and lists: 10 bytes a number, 9 a double, and the counts.
    private static let fixedBytesMax = 40 * 10 + 20 * 9 + 32 * 6 + 31 * 3 + 32

    private func putCounts(_ out: inout OutputSpan<UInt8>) {
        var present: UInt64 = 0
        for index in 0..<32 where lifeCounts[index] != 0 { present += 1 }
        out.append(varint: present)
        for index in 0..<32 where lifeCounts[index] != 0 {
            out.append(UInt8(index))
            out.append(varint: UInt64(lifeCounts[index]))
        }
        out.put(spend)
        out.put(refunded)
        out.put(discount)
        out.put(dwellSeconds)
        out.put(ratingSum)
        out.append(varint: pieces)
        out.put(viewedPrices)
        out.append(varint: UInt64(viewsPriced))
        out.append(varint: UInt64(activeDays))
        out.append(varint: UInt64(longestStreak))
        out.append(varint: UInt64(recents.count == 0 ? 0 : 1))
        if recents.count > 0 { for index in 0..<4 { out.append(fixed64: seen.bits[index]) } }
        out.put(decayHour)
        out.put(decayedSpend)
        for index in 0..<8 { out.put(decayed[index]) }
        for index in 0..<24 { out.append(varint: UInt64(hourOfDay[index])) }
        for index in 0..<7 { out.append(varint: UInt64(dayOfWeek[index])) }
    }

    private func putItems(_ out: inout OutputSpan<UInt8>) {
        out.append(varint: UInt64(recents.count))
        recents.forEach { recent in
            out.put(recent.itemID)
            out.append(varint: UInt64(UInt32(bitPattern: recent.type.rawValue)))
            out.put(recent.timeMs &- firstSeenMs)
        }
        put(purchased, &out)
        put(hidden, &out)
        put(cart, &out)
    }

    private func put(_ list: [String], _ out: inout OutputSpan<UInt8>) {
        out.append(varint: UInt64(list.count))
        for itemID in list { out.put(itemID) }
    }

    /// Reads a stored state. Throws ``FoldError`` on damage; never traps.
    package init(decoding bytes: Span<UInt8>) throws {
        guard bytes.count > 0 else { throw FoldError.stateDamaged }
        guard bytes[0] == Self.formatVersion else {
            throw FoldError.stateVersionUnknown(bytes[0])
        }
        var reader = WireReader(bytes.extracting(1..<bytes.count))
        do {
            self.init(userID: try reader.text())
            version = try reader.varint()
            firstSeenMs = try reader.signed()
            lastSeenMs = firstSeenMs &+ (try reader.signed())
            try takeCounts(&reader)
            hours = try Tiles(decoding: &reader)
            days = try Tiles(decoding: &reader)
            session = try Session(decoding: &reader)
            purchases = try PurchaseRhythm(decoding: &reader)
            affinities = try Affinities(decoding: &reader)
            try takeItems(&reader)
            if try reader.varint() != 0 {
                let range = try reader.delimited()
                attributes = try User(decoding: reader.bytes.extracting(range))
            }
        } catch is DecodeError {
            throw FoldError.stateDamaged
        }
        guard reader.remaining == 0, isPlausible else { throw FoldError.stateDamaged }
    }

    private mutating func takeCounts(_ reader: inout WireReader) throws {
        for _ in 0..<(try reader.count(max: 32)) {
            // Compared before it becomes an `Int`, which cannot hold every number of the wire.
            let index = try reader.varint()
            guard index < 32 else { throw FoldError.stateDamaged }
            lifeCounts[Int(index)] = UInt32(truncatingIfNeeded: try reader.varint())
        }
        spend = try reader.double()
        refunded = try reader.double()
        discount = try reader.double()
        dwellSeconds = try reader.double()
        ratingSum = try reader.double()
        pieces = try reader.varint()
        viewedPrices = try reader.double()
        viewsPriced = UInt32(truncatingIfNeeded: try reader.varint())
        activeDays = UInt32(truncatingIfNeeded: try reader.varint())
        longestStreak = UInt32(truncatingIfNeeded: try reader.varint())
        if try reader.varint() != 0 {
            var bits: SIMD4<UInt64> = .zero
            for index in 0..<4 { bits[index] = try reader.fixed64() }
            seen = DistinctCount(bits: bits)
        }
        decayHour = try reader.signed()
        decayedSpend = try reader.double()
        for index in 0..<8 { decayed[index] = try reader.double() }
        for index in 0..<24 { hourOfDay[index] = UInt16(truncatingIfNeeded: try reader.varint()) }
        for index in 0..<7 { dayOfWeek[index] = UInt16(truncatingIfNeeded: try reader.varint()) }
    }

    private mutating func takeItems(_ reader: inout WireReader) throws {
        for _ in 0..<(try reader.count(max: StateLimits.recentMax)) {
            let itemID = try reader.text()
            let type = EventType(rawValue: Int32(truncatingIfNeeded: try reader.varint()))
            let timeMs = firstSeenMs &+ (try reader.signed())
            recents.append(Recent(itemID: itemID, type: type, timeMs: timeMs))
        }
        purchased = try reader.texts(max: StateLimits.purchasedMax)
        hidden = try reader.texts(max: StateLimits.hiddenMax)
        cart = try reader.texts(max: StateLimits.cartMax)
    }
}
