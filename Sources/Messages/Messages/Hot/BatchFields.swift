/// The head of an encoded event batch without a copy; the records stay encoded.
package struct BatchFields: Sendable, Equatable {
    package var producer = ByteSlice()
    package var epoch: UInt64 = 0
    package var sequence: UInt64 = 0
    package var source = ByteSlice()

    package init() {}

    /// Reads the batch that fills a range, and puts where its records lie into `records`, whose
    /// storage is used again. The records themselves are not looked into.
    package init(
        _ bytes: Span<UInt8>, _ range: Range<Int>, records: inout [Range<Int>]
    ) throws(DecodeError) {
        records.removeAll(keepingCapacity: true)
        var reader = WireReader(bytes, range)
        while let field = try reader.next() {
            switch field.number {
            case 1: producer = try reader.slice(field)
            case 2: try reader.read(field, into: &epoch)
            case 3: try reader.read(field, into: &sequence)
            case 4: source = try reader.slice(field)
            case 5:
                guard field.type == .delimited else { throw .wrongWireType }
                records.append(try reader.delimited())
            default: try reader.skip(field)
            }
        }
    }
}
