extension Safetensors {
    /// Reads a whole file; anything not as the format says is refused.
    package init(_ bytes: [UInt8]) throws(SafetensorsError) {
        guard bytes.count >= 8 else { throw .truncated }
        var length: UInt64 = 0
        for index in 0..<8 { length |= UInt64(bytes[index]) << (8 * UInt64(index)) }
        guard length <= UInt64(Self.headerBytesMax) else { throw .headerTooLong }
        let start = 8 + Int(length)
        guard start <= bytes.count else { throw .truncated }
        var reader = HeaderReader(bytes[8..<start])
        let header = try reader.read()
        metadata = header.metadata
        var expected = 0
        let order = header.entries.sorted {
            ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name)
        }
        for entry in order {
            // No hole and no overlap: each tensor starts where the one before ended.
            guard entry.begin == expected, entry.end >= entry.begin,
                entry.end <= bytes.count - start
            else { throw .offsetsInvalid }
            guard let type = DType(rawValue: entry.type) else { throw .unknownType }
            var size = type.width
            for side in entry.shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: side)
                guard !overflow else { throw .shapeTooLarge }
                size = product
            }
            guard size == entry.end - entry.begin else { throw .offsetsInvalid }
            set(
                entry.name,
                Tensor(
                    type: type, shape: entry.shape,
                    bytes: Array(bytes[start + entry.begin..<start + entry.end])))
            expected = entry.end
        }
        guard start + expected == bytes.count else { throw .offsetsInvalid }
    }
}

/// Reads the JSON that a safetensors header may hold, and nothing else.
private struct HeaderReader {
    struct Entry {
        var name = ""
        var type = ""
        var shape: [Int] = []
        var begin = 0
        var end = 0
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func read() throws(SafetensorsError) -> (
        metadata: [String: String], entries: [Entry]
    ) {
        var metadata: [String: String] = [:]
        var entries: [Entry] = []
        var names: Set<String> = []
        try object { reader, name throws(SafetensorsError) in
            guard names.insert(name).inserted else { throw .duplicateName }
            if name == "__metadata__" {
                try reader.object { reader, key throws(SafetensorsError) in
                    guard metadata.updateValue(try reader.string(), forKey: key) == nil else {
                        throw .duplicateName
                    }
                }
            } else {
                entries.append(try reader.entry(name))
            }
        }
        skipSpace()
        guard rest.isEmpty else { throw .headerMalformed }
        return (metadata, entries)
    }

    private mutating func entry(_ name: String) throws(SafetensorsError) -> Entry {
        var entry = Entry()
        entry.name = name
        var keys: Set<String> = []
        try object { reader, key throws(SafetensorsError) in
            guard keys.insert(key).inserted else { throw .duplicateName }
            switch key {
            case "dtype": entry.type = try reader.string()
            case "shape": entry.shape = try reader.numbers()
            case "data_offsets":
                let pair = try reader.numbers()
                guard pair.count == 2 else { throw .headerMalformed }
                (entry.begin, entry.end) = (pair[0], pair[1])
            default: throw .headerMalformed
            }
        }
        guard keys.count == 3 else { throw .headerMalformed }
        return entry
    }

    private mutating func object(
        _ member: (inout HeaderReader, String) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let name = try string()
            try expect(UInt8(ascii: ":"))
            try member(&self, name)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    private mutating func numbers() throws(SafetensorsError) -> [Int] {
        var result: [Int] = []
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return result }
        repeat {
            skipSpace()
            let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            // 18 digits always fit an Int.
            guard !digits.isEmpty, digits.count <= 18 else { throw .headerMalformed }
            result.append(digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
            rest = rest.dropFirst(digits.count)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return result
    }

    private mutating func string() throws(SafetensorsError) -> String {
        try expect(UInt8(ascii: "\""))
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw .headerMalformed
                }
                return text
            case UInt8(ascii: "\\"): try escape(&bytes)
            case 0..<0x20: throw .headerMalformed
            default: bytes.append(byte)
            }
        }
        throw .headerMalformed
    }

    private mutating func escape(_ bytes: inout [UInt8]) throws(SafetensorsError) {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): bytes.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): bytes.append(8)
        case UInt8(ascii: "f"): bytes.append(12)
        case UInt8(ascii: "n"): bytes.append(10)
        case UInt8(ascii: "r"): bytes.append(13)
        case UInt8(ascii: "t"): bytes.append(9)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u")
                else { throw .headerMalformed }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw .headerMalformed }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw .headerMalformed }
            bytes += Array(String(scalar).utf8)
        default: throw .headerMalformed
        }
    }

    private mutating func hexadecimal() throws(SafetensorsError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = rest.popFirst(),
                let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw .headerMalformed }
            code = code << 4 | UInt32(digit)
        }
        return code
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(SafetensorsError) {
        guard take(byte) else { throw .headerMalformed }
    }
}
