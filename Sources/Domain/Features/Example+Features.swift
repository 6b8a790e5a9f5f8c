package import Messages

/// Features in and out of the packed form that `log.proto` describes: a quarter of the bytes of
/// plain floats for the users of a shop.
extension Example {
    package init(userID: String, timeMs: Int64, features: [Float]) {
        self.init()
        self.userID = userID
        self.timeMs = timeMs
        count = UInt32(features.count)
        kinds = [UInt8](repeating: 0, count: (features.count + 3) / 4)
        for at in features.indices {
            let kind: UInt8
            let value = features[at]
            if value.bitPattern == 0 {
                kind = Self.zero
            } else if value.bitPattern == Float.nan.bitPattern {
                kind = Self.unknown
            } else if value >= 1, value <= 255, value == value.rounded(.towardZero) {
                kind = Self.small
                whole.append(UInt8(value))
            } else {
                kind = Self.other
                values.append(value)
            }
            kinds[at / 4] |= kind << UInt8(at % 4 * 2)
        }
    }

    /// To the bit what was packed; nil if the parts do not fit together.
    package var features: [Float]? {
        guard !kinds.isEmpty else { return values }
        let count = Int(count)
        guard kinds.count == (count + 3) / 4 else { return nil }
        var features = [Float](repeating: 0, count: count)
        var small = 0
        var others = 0
        for at in 0..<count {
            switch kinds[at / 4] >> UInt8(at % 4 * 2) & 3 {
            case Self.unknown: features[at] = .nan
            case Self.small:
                guard small < whole.count else { return nil }
                features[at] = Float(whole[small])
                small += 1
            case Self.other:
                guard others < values.count else { return nil }
                features[at] = values[others]
                others += 1
            default: break
            }
        }
        return small == whole.count && others == values.count ? features : nil
    }

    private static let zero: UInt8 = 0
    private static let unknown: UInt8 = 1
    private static let small: UInt8 = 2
    private static let other: UInt8 = 3
}
