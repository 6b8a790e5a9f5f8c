/// Why bytes are not a message.
package enum DecodeError: Error, Equatable {
    /// The bytes end inside a value.
    case truncated
    /// A varint has more than ten bytes.
    case varintTooLong
    /// Field number 0, a number above 2²⁹−1, or a wire type that does not exist.
    case badTag
    /// A known field came with another wire type than the schema's.
    case wrongWireType
    /// A string is not valid UTF-8.
    case badUTF8
    /// Unknown groups are nested deeper than is allowed.
    case tooDeep
    /// A length is larger than the bytes that are left.
    case lengthTooLong
    /// The elements of a packed field do not fill its bytes.
    case badPacking
    /// A record has its content twice; only the parsers without a copy refuse that.
    case contentRepeated
    /// An entry of an outbox names a user or item by a number that no entry before it told.
    case numberUnknown
}
