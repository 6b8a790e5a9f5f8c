import Events
import Messages

extension UserState {
    /// Adds what an event says about the user's preferences.
    mutating func prefer(
        _ type: EventType, _ record: RecordFields, in bytes: Span<UInt8>, _ hashes: EventHashes,
        price: Double, _ parameters: FoldParameters, _ cache: inout NameCache
    ) {
        let worth = type.preferenceWeight
        guard worth != 0 else { return }
        let event = record.event
        let hour = event.timeMs / Decay.msPerHour
        let weight = worth * affinities.scale(atHour: hour, decay: parameters.affinityDecay)

        preferCategory(
            bytes.extracting(record.category.range), hashes.category, weight, &cache)
        add(.brand, event.brand.isEmpty ? record.stampBrand : event.brand, bytes, weight, &cache)
        add(.device, event.device, bytes, weight, &cache)
        add(.channel, event.channel, bytes, weight, &cache)
        add(.region, event.region, bytes, weight, &cache)
        if event.properties > 0 { preferAttributes(bytes, record.body.range, weight, &cache) }
        if price > 0 {
            let band = PriceBand(price)
            affinities.add(
                .priceBand, bytes: band.name.utf8.span, hash: UInt64(band.rawValue),
                weight: weight, &cache)
        }
        if type == .search { preferWords(bytes.extracting(event.text.range), weight, &cache) }
    }

    @inline(__always)
    private mutating func add(
        _ kind: AffinityKind, _ slice: ByteSlice, _ bytes: Span<UInt8>, _ weight: Double,
        _ cache: inout NameCache
    ) {
        guard !slice.isEmpty else { return }
        let name = bytes.extracting(slice.range)
        affinities.add(kind, bytes: name, hash: XXH64.hash(name), weight: weight, &cache)
    }

    /// Every prefix of a category path counts: "a/b/c" speaks for "a", "a/b" and "a/b/c".
    private mutating func preferCategory(
        _ path: Span<UInt8>, _ hash: UInt64, _ weight: Double, _ cache: inout NameCache
    ) {
        guard path.count > 0 else { return }
        var depth = 0
        for end in 1...path.count where end == path.count || path[end] == UInt8(ascii: "/") {
            let prefix = path.extracting(0..<end)
            affinities.add(
                .category, bytes: prefix, hash: end == path.count ? hash : XXH64.hash(prefix),
                weight: weight, &cache)
            depth += 1
            if depth == StateLimits.categoryDepthMax { return }
        }
    }

    /// What was chosen of an item, such as its colour, as "key: value". Other free properties, a
    /// card or an address among them, are nobody's taste and stay in the log.
    @inline(never)
    private mutating func preferAttributes(
        _ bytes: Span<UInt8>, _ event: Range<Int>, _ weight: Double, _ cache: inout NameCache
    ) {
        guard let event = try? Event(decoding: bytes.extracting(event)) else { return }
        let chosen = event.properties.lazy.filter { StateLimits.attributeKeys.contains($0.key) }
        for property in chosen.prefix(StateLimits.eventAttributesMax) {
            let name = "\(property.key): \(property.value)"
            affinities.add(
                .attribute, bytes: name.utf8.span, hash: XXH64.hash(name), weight: weight, &cache)
        }
    }

    private mutating func preferWords(
        _ query: Span<UInt8>, _ weight: Double, _ cache: inout NameCache
    ) {
        var start = 0
        var words = 0
        for at in 0...query.count {
            guard at == query.count || query[at] == UInt8(ascii: " ") else { continue }
            if at - start > 1 {
                let word = query.extracting(start..<at)
                affinities.add(
                    .keyword, bytes: word, hash: XXH64.hash(word), weight: weight, &cache)
                words += 1
                if words == StateLimits.queryWordsMax { return }
            }
            start = at + 1
        }
    }
}

/// Price on a logarithmic scale, four bands for each factor of ten: names like "10-18".
package struct PriceBand: Sendable, Equatable {
    package let rawValue: Int
    private static let steps: [Double] = [1, 1.778_279_41, 3.162_277_66, 5.623_413_25]
    private static let bounds: [Double] = (0..<32).map { band in
        var decade = 1.0
        for _ in 0..<(band / 4) { decade *= 10 }
        return 0.01 * decade * steps[band % 4]
    }
    private static let names: [String] = (0..<33).map { band in
        func label(_ value: Double) -> String {
            value >= 10 ? String(Int(value)) : String(Double(Int(value * 100)) / 100)
        }
        if band == 0 { return "under " + label(bounds[0]) }
        if band == 32 { return "over " + label(bounds[31]) }
        return label(bounds[band - 1]) + "-" + label(bounds[band])
    }

    package init(_ price: Double) {
        // The first bound above the price, by halving without a branch: no price is like the last.
        let bounds = Self.bounds
        var low = 0
        var step = bounds.count / 2
        while step > 0 {
            low += price < bounds[low + step - 1] ? 0 : step
            step /= 2
        }
        rawValue = price < bounds[low] ? low : low + 1
    }

    package var name: String { Self.names[rawValue] }
}
