/// One value that an evaluation needs of a user. Names are resolved when an expression is compiled;
/// afterwards a value is a place in an array.
package enum Slot: Hashable, Sendable {
    /// A symbol that is a number, truth value (1 or 0), time or duration (milliseconds).
    case value(String)
    /// What stands below a key of numbers by name; unknown if there is none.
    case entry(String, String)
    /// 1 if a set has the word, otherwise 0.
    case member(String, String)
    /// How many words, or keys, there are.
    case size(String)
}

/// One text that an evaluation needs of a user.
package enum TextSlot: Hashable, Sendable {
    case value(String)
    /// What stands below a key of texts by name.
    case entry(String, String)
}

/// The slots of an expression, each once.
struct SlotList {
    private(set) var numbers: [Slot] = []
    private(set) var texts: [TextSlot] = []
    private var numberPlaces: [Slot: Int] = [:]
    private var textPlaces: [TextSlot: Int] = [:]

    mutating func place(of slot: Slot) -> Int {
        if let place = numberPlaces[slot] { return place }
        numberPlaces[slot] = numbers.count
        numbers.append(slot)
        return numbers.count - 1
    }

    mutating func place(of slot: TextSlot) -> Int {
        if let place = textPlaces[slot] { return place }
        textPlaces[slot] = texts.count
        texts.append(slot)
        return texts.count - 1
    }
}
