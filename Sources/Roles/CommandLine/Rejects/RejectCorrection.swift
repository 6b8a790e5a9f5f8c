import Messages

/// Records corrected by a person, from `--set` or from a file.
enum RejectCorrection {
    /// Changes fields of the record that a reject has.
    static func apply(
        _ changes: [String], to reject: RejectedRecord
    ) throws(CommandFailure) -> Correction {
        guard let kept = try? Record(decoding: reject.record),
            case .object(var outer) = RecordJSON.value(kept), outer.count == 1,
            case .object(var fields) = outer[0].1
        else {
            throw CommandFailure(
                .data, "the record of reject \(reject.id) cannot be read",
                hint: "send it again by limn send, or give the whole record with --file")
        }
        for change in changes {
            let halves = change.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, !halves[0].isEmpty else {
                throw CommandFailure(
                    .usage, "--set \(change) is no FIELD=VALUE", hint: "--set price=3.5")
            }
            let name = String(halves[0])
            fields.removeAll { $0.0 == name || (name == "time" && $0.0 == "time_ms") }
            fields.append((name, value(String(halves[1]))))
        }
        outer[0].1 = .object(fields)
        var correction = Correction()
        correction.id = reject.id
        correction.record = try record(.object(outer), "reject \(reject.id)")
        return correction
    }

    /// A number where it is one, otherwise the text as it stands.
    private static func value(_ text: String) -> JSONValue {
        if let whole = Int64(text) { return .integer(whole) }
        if let number = Double(text), number.isFinite { return .number(number) }
        return .string(text)
    }

    /// Lines with an id and a record, such as `limn rejects list --json` prints.
    static func read(_ file: String) throws(CommandFailure) -> [Correction] {
        let source = try ByteSource(file)
        var lines = LineReader { () throws(CommandFailure) -> [UInt8] in try source.read() }
        var corrections: [Correction] = []
        while let line = try lines.next() {
            let place = "\(file) line \(lines.line)"
            let parsed: JSONValue
            do throws(JSONParser.Failure) { parsed = try JSONParser.parse(line) } catch {
                throw CommandFailure(.data, "\(place): \(error.message)")
            }
            guard case .integer(let id)? = parsed["id"], id > 0, let record = parsed["record"]
            else {
                throw CommandFailure(
                    .data, "\(place): id or record is missing",
                    hint: #"{"id": 17, "record": {"event": {…}}}, as limn rejects list --json"#)
            }
            var correction = Correction()
            correction.id = UInt64(id)
            correction.record = try self.record(record, place)
            corrections.append(correction)
        }
        return corrections
    }

    private static func record(
        _ value: JSONValue, _ place: String
    ) throws(CommandFailure) -> Record {
        do throws(RowError) { return try RecordJSON.record(value) } catch {
            throw CommandFailure(.data, "\(place): \(error.column): \(error.reason)")
        }
    }
}
