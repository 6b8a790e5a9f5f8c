import Messages
import System

/// The file of a snapshot.
extension CatalogueSnapshot {
    package static let fileName = "catalogue.snapshot"
    private static let magic = Array("LimnCat1".utf8)
    private static let sumBytes = 8
    /// A file larger than this is not read, and the log is.
    package static let bytesMax = 2 << 30

    package static func path(folder: String) -> String { "\(folder)/\(fileName)" }

    /// Why a file was not used.
    package enum Refusal: Error, Equatable {
        case damaged
        /// It was made of another log, or of one that had more.
        case otherLog
    }

    /// Replaces the file in the folder of the log.
    package func write(folder: String, of log: LogIdentity) throws(StorageError) {
        let bytes = encode(of: log)
        try storing {
            try Files.writeAtomically(Self.path(folder: folder), bytes, mode: 0o600)
        }
    }

    /// The one beside the log, nil where there is none; refused unless it is whole and of exactly
    /// that log.
    package static func read(
        folder: String, of log: SQLiteEventLog, partition: Int
    ) throws -> CatalogueSnapshot? {
        let path = path(folder: folder)
        guard Files.exists(path) else { return nil }
        let bytes = try Files.read(path, bytesMax: bytesMax)
        let snapshot: CatalogueSnapshot
        let identity: LogIdentity
        do {
            (snapshot, identity) = try decode(bytes)
        } catch {
            throw Refusal.damaged
        }
        guard try identity == log.identity(), snapshot.offset <= (try log.end(partition: partition))
        else { throw Refusal.otherLog }
        if let mark = snapshot.mark, try !log.holds(mark, of: partition) { throw Refusal.otherLog }
        return snapshot
    }

    func encode(of log: LogIdentity) -> [UInt8] {
        let records = records
        var bytes = Self.magic
        bytes.reserveCapacity(records.reduce(200) { $0 + $1.bytes.count + 16 })
        bytes.appendVarint(UInt64(log.log.count))
        bytes += log.log
        bytes.appendVarint(log.generation)
        bytes.appendVarint(offset)
        bytes.appendVarint(mark?.firstOffset ?? 0)
        bytes.appendVarint(UInt64(mark?.count ?? 0))
        bytes.appendVarint(mark?.sum ?? 0)
        for record in records {
            bytes.appendVarint(record.offset)
            bytes.appendVarint(UInt64(record.bytes.count))
            bytes += record.bytes
        }
        let sum = Checksum.xxh64(bytes.span)
        for shift in 0..<Self.sumBytes {
            bytes.append(UInt8(truncatingIfNeeded: sum >> (shift * 8)))
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> (CatalogueSnapshot, LogIdentity) {
        let size = bytes.count - sumBytes
        guard size >= magic.count, Array(bytes.prefix(magic.count)) == magic else {
            throw Refusal.damaged
        }
        let sum = (0..<sumBytes).reduce(UInt64(0)) { $0 | UInt64(bytes[size + $1]) << ($1 * 8) }
        let body = bytes.span.extracting(0..<size)
        guard Checksum.xxh64(body) == sum else { throw Refusal.damaged }
        let content = body.extracting(magic.count..<size)
        var reader = WireReader(content)
        let log = content.array(try reader.delimited())
        var snapshot = CatalogueSnapshot()
        let identity = LogIdentity(log: log, generation: try reader.varint())
        let end = try reader.varint()
        let (first, count) = (try reader.varint(), try reader.varint())
        let markSum = try reader.varint()
        while reader.remaining > 0 {
            let offset = try reader.varint()
            let record = try reader.delimited()
            snapshot.take(content.extracting(record), at: offset)
        }
        snapshot.offset = end
        if count > 0 {
            snapshot.mark = LogMark(
                firstOffset: first, count: Int(clamping: count), sum: markSum)
        }
        return (snapshot, identity)
    }
}

/// Following the log.
extension CatalogueSnapshot {
    private static let readBytes = 1 << 20
    /// What was read since is worth a new file from so many records on, or half of what it holds.
    private static let worthMin = 10_000

    /// How many records more than in the file make another one worth while.
    package var worth: Int { max(Self.worthMin, count / 2) }

    /// Reads on to the end of the log. Damaged blocks are passed over and told: what else the
    /// catalogue holds is worth more than nothing, and a shop sends its items again.
    ///
    /// `note` is told how many records were read since the last time, the answer is how many in
    /// all.
    package mutating func readOn(
        _ log: SQLiteEventLog, partition: Int, damaged: (StorageError) -> Void = { _ in },
        note: (Int) -> Void = { _ in }
    ) throws -> Int {
        skip(to: try log.firsts()[partition])
        let before = offset
        while true {
            let started = offset
            do {
                let blocks = try log.read(
                    partition: partition, from: offset, maxBytes: Self.readBytes)
                guard !blocks.isEmpty else { return Int(offset - before) }
                for block in blocks { takeOrSkip(block, damaged) }
            } catch {
                guard case .damaged(_, _, let past, _) = error else { throw error }
                damaged(error)
                skip(to: past)
            }
            guard offset > started else { return Int(offset - before) }
            note(Int(offset - started))
        }
    }

    /// A block from before there were seals may not be one.
    private mutating func takeOrSkip(_ block: StoredBlock, _ damaged: (StorageError) -> Void) {
        do {
            try take(block)
        } catch {
            damaged(
                .damaged(
                    partition: block.partition, first: block.firstOffset, past: block.endOffset,
                    "\(error)"))
            skip(to: block.endOffset)
        }
    }
}
