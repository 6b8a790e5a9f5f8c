import System

/// A record of the log that is not applied, because it ended the processes that tried.
package struct QuarantinedRecord: Sendable, Equatable {
    package var partition: Int
    package var offset: UInt64
    package var atMs: Int64
    package var reason: String
    package var record: [UInt8]

    package init(
        partition: Int, offset: UInt64, atMs: Int64, reason: String, record: [UInt8]
    ) {
        self.partition = partition
        self.offset = offset
        self.atMs = atMs
        self.reason = reason
        self.record = record
    }
}

/// The list of quarantined records, `quarantine.txt` beside the event log: whoever folds the log
/// must leave these out, so that a state rebuilt from it equals the first one. It is written before
/// any state that lacks the record is. One line each: partition, offset, time, record in
/// hexadecimal, reason.
package struct Quarantine: Sendable {
    /// Records kept out; more than this is no poison but a bug that needs a person.
    package static let recordsMax = 1000
    package static let fileName = "quarantine.txt"
    private static let bytesMax = 64 << 20

    private let folder: String
    package private(set) var records: [QuarantinedRecord]

    /// Reads the list of the log's folder; one that is not there is empty, one that cannot be read
    /// is an error, because to fold without it would give other states.
    package init(folder: String) throws(StorageError) {
        self.folder = folder
        records = []
        let path = "\(folder)/\(Self.fileName)"
        guard Files.exists(path) else { return }
        do throws(SystemError) {
            let text = try Files.readText(path, bytesMax: Self.bytesMax)
            records = try Self.parse(text, path)
        } catch {
            throw .corrupt("\(error)")
        }
    }

    /// The offsets of a partition that are left out.
    package func offsets(of partition: Int) -> Set<UInt64> {
        Set(records.lazy.filter { $0.partition == partition }.map(\.offset))
    }

    /// Adds a record; durable on return. Several processes may do so.
    package mutating func add(_ record: QuarantinedRecord) throws(StorageError) {
        do {
            let lock = try SmallFileLock.take("\(folder)/quarantine.lock")
            records = try Quarantine(folder: folder).records
            let isThere = records.contains {
                $0.partition == record.partition && $0.offset == record.offset
            }
            guard !isThere else { return }
            guard records.count < Self.recordsMax else {
                throw StorageError.other("\(Self.recordsMax) records are in quarantine already")
            }
            let all = records + [record]
            let text = all.map(Self.line).joined()
            try Files.writeAtomically(
                "\(folder)/\(Self.fileName)", Array(text.utf8), mode: 0o600)
            records = all
            _ = consume lock
        } catch let error as SystemError {
            throw error.isDiskFull ? .diskFull("\(error)") : .io("\(error)")
        } catch {
            throw StorageError(error)
        }
    }

    /// Takes records off the list whose places are gone from the log; durable on return.
    package mutating func remove(
        where isGone: (QuarantinedRecord) -> Bool
    ) throws(StorageError) {
        guard records.contains(where: isGone) else { return }
        do {
            let lock = try SmallFileLock.take("\(folder)/quarantine.lock")
            let kept = try Quarantine(folder: folder).records.filter { !isGone($0) }
            let text = kept.map(Self.line).joined()
            try Files.writeAtomically(
                "\(folder)/\(Self.fileName)", Array(text.utf8), mode: 0o600)
            records = kept
            _ = consume lock
        } catch {
            throw StorageError(error)
        }
    }

    private static func line(_ record: QuarantinedRecord) -> String {
        let reason = record.reason.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "\(record.partition) \(record.offset) \(record.atMs) "
            + "\(Digest.hex(record.record)) \(reason)\n"
    }

    private static func parse(
        _ text: String, _ path: String
    ) throws(SystemError) -> [QuarantinedRecord] {
        var found: [QuarantinedRecord] = []
        for line in text.split(separator: "\n") {
            let words = line.split(
                separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
            guard words.count == 5, let partition = Int(words[0]),
                (0..<StorageLimits.logPartitions).contains(partition),
                let offset = UInt64(words[1]),
                let atMs = Int64(words[2]), let record = bytes(words[3])
            else { throw SystemError(call: "read", code: 74, path: path) }
            found.append(
                QuarantinedRecord(
                    partition: partition, offset: offset, atMs: atMs, reason: String(words[4]),
                    record: record))
        }
        return found
    }

    private static func bytes(_ hex: Substring) -> [UInt8]? {
        let digits = hex.utf8.map { digit -> UInt8? in
            switch digit {
            case 48...57: digit - 48
            case 97...102: digit - 87
            default: nil
            }
        }
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for at in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[at], let low = digits[at + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
