/// A message of the wire: a value that reads and writes itself in protobuf's encoding.
package protocol WireMessage: Sendable, Equatable {
    /// The kind of the frame that carries the message as its body, if one does.
    static var kind: Kind? { get }

    init()

    /// Adds the fields that the reader still has: scalars replace, lists grow, messages merge.
    mutating func merge(from reader: inout WireReader) throws(DecodeError)

    /// Appends the canonical encoding: fields in number order, defaults left out.
    func encode(into out: inout [UInt8])

    /// About the size of the encoding, where that is worth knowing before: large messages are
    /// copied again and again while their array grows.
    var encodedBytesHint: Int { get }
}

extension WireMessage {
    package static var kind: Kind? { nil }
    package var encodedBytesHint: Int { 0 }

    /// Decodes a message that fills the span.
    package init(decoding bytes: Span<UInt8>) throws(DecodeError) {
        self.init()
        var reader = WireReader(bytes)
        try merge(from: &reader)
    }

    /// Decodes a message that fills the array.
    package init(decoding bytes: [UInt8]) throws(DecodeError) {
        try self.init(decoding: bytes.span)
    }

    /// The canonical encoding as an array of its own.
    package func encoded() -> [UInt8] {
        var out: [UInt8] = []
        encode(into: &out)
        return out
    }
}

/// An open enumeration of the wire: numbers that this version does not know are kept.
package protocol WireEnum: RawRepresentable, Hashable, Sendable, CustomStringConvertible
where RawValue == Int32 {
    init(rawValue: Int32)

    /// Every value of the schema, in number order, with its name.
    static var named: [(value: Self, name: String)] { get }
}

extension WireEnum {
    /// The name in the schema without prefix, in lower case, or the number.
    package var name: String {
        Self.named.first { $0.value == self }?.name ?? String(rawValue)
    }

    /// The value with a name of the schema, without prefix, in lower case.
    package init?(name: String) {
        guard let value = Self.named.first(where: { $0.name == name })?.value else { return nil }
        self = value
    }

    /// Whether the schema of this version has the number.
    package var isKnown: Bool { Self.named.contains { $0.value == self } }

    package var description: String { name }
}
