/// Which blocks one group commit holds: where every partition stood before it, and its blocks.
///
/// The blocks of a group lie next to each other in the file in the order of `entries`, so this is
/// all that a reader needs to find one partition's block without an index over all blocks.
struct GroupDirectory: Equatable {
    struct Entry: Equatable {
        var partition: Int
        var count: Int
    }

    /// A commit that was added to the group: its first entry, and how long after the group it
    /// came in.
    struct Part: Equatable {
        var entry: Int
        var afterMs: Int64
    }

    /// The offset of every partition before this group.
    var starts: [UInt64]
    var entries: [Entry] = []
    /// In the order of the entries; the first commit needs none.
    var parts: [Part] = []

    /// The offset of every partition after this group.
    var ends: [UInt64] {
        var ends = starts
        for entry in entries { ends[entry.partition] += UInt64(entry.count) }
        return ends
    }

    /// The same with its first blocks only.
    func keeping(blocks count: Int) -> GroupDirectory {
        var kept = self
        kept.entries.removeSubrange(count...)
        kept.parts.removeAll { $0.entry >= count }
        return kept
    }

    /// Variable-length numbers: the starts, then partition and count of each entry. A part is told
    /// before its first entry, by a partition that is none and its time.
    func encode() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(starts.count * 4 + entries.count * 3 + parts.count * 3)
        for start in starts { Self.put(start, into: &bytes) }
        var part = 0
        for (place, entry) in entries.enumerated() {
            if part < parts.count, parts[part].entry == place {
                Self.put(UInt64(starts.count), into: &bytes)
                Self.put(UInt64(parts[part].afterMs), into: &bytes)
                part += 1
            }
            Self.put(UInt64(entry.partition), into: &bytes)
            Self.put(UInt64(entry.count), into: &bytes)
        }
        return bytes
    }

    /// No log gets so far, and what is added to it still fits.
    private static let offsetMax: UInt64 = 1 << 62

    init(starts: [UInt64]) {
        self.starts = starts
    }

    init(decoding bytes: Span<UInt8>, partitions: Int) throws(StorageError) {
        var at = 0
        starts = []
        starts.reserveCapacity(partitions)
        for partition in 0..<partitions {
            let start = try Self.take(bytes, &at)
            guard start < Self.offsetMax else {
                throw .corrupt("group directory begins partition \(partition) at \(start)")
            }
            starts.append(start)
        }
        while at < bytes.count {
            let partition = try Self.take(bytes, &at)
            let count = try Self.take(bytes, &at)
            guard partition <= UInt64(partitions), count <= UInt64(Int32.max),
                entries.count + parts.count < Int(UInt16.max)
            else {
                throw .corrupt("group directory names partition \(partition), count \(count)")
            }
            guard partition < UInt64(partitions) else {
                try begin(Part(entry: entries.count, afterMs: Int64(count)))
                continue
            }
            entries.append(Entry(partition: Int(partition), count: Int(count)))
        }
        guard parts.last?.entry != entries.count else {
            throw .corrupt("group directory ends with a part without blocks")
        }
    }

    /// Each part has blocks, and came in no earlier than the one before.
    private mutating func begin(_ part: Part) throws(StorageError) {
        guard part.entry > parts.last?.entry ?? 0, part.afterMs >= parts.last?.afterMs ?? 0 else {
            throw .corrupt("group directory has a part of entry \(part.entry) out of order")
        }
        parts.append(part)
    }

    /// The offset of one partition before the group, without reading the rest.
    static func start(of partition: Int, in bytes: Span<UInt8>) throws(StorageError) -> UInt64 {
        var at = 0
        for _ in 0..<partition { _ = try take(bytes, &at) }
        return try take(bytes, &at)
    }

    private static func put(_ value: UInt64, into bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func take(_ bytes: Span<UInt8>, _ at: inout Int) throws(StorageError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while at < bytes.count, shift < 64 {
            let byte = bytes[at]
            at += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .corrupt("group directory is cut off")
    }
}
