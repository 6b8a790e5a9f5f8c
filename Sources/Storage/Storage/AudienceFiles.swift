package import System

/// Snapshots of audiences in a folder: each version of a name is a file that is there whole or not
/// at all, and is never changed.
package struct AudienceFiles {
    private static let ending = ".audience"
    /// Hexadecimal SHA-256 before the bytes.
    private static let digestLength = 64
    private let folder: String

    package init(folder: String) { self.folder = folder }

    /// Versions of a name that are there, rising.
    package func versions(of name: String) throws(SystemError) -> [UInt64] {
        guard Files.exists(folder) else { return [] }
        let prefix = Self.fileName(name) + "."
        return try Files.list(folder).compactMap { file in
            guard file.hasPrefix(prefix), file.hasSuffix(Self.ending) else { return nil }
            return UInt64(file.dropFirst(prefix.count).dropLast(Self.ending.count))
        }.sorted()
    }

    /// Keeps the bytes that `make` gives for the next version, and returns where.
    package func add(
        _ name: String, _ make: (UInt64) -> [UInt8]
    ) throws(SystemError) -> (version: UInt64, path: String) {
        try Files.makeFolder(folder)
        let version = (try versions(of: name).last ?? 0) + 1
        let body = make(version)
        let path = path(name, version)
        try Files.writeAtomically(path, Array(Digest.sha256Hex(body).utf8) + body)
        return (version, path)
    }

    /// The bytes of a version; nil where they are not those that were kept.
    package func read(_ name: String, _ version: UInt64) throws(SystemError) -> [UInt8]? {
        try read(file: path(name, version))
    }

    private func read(file: String) throws(SystemError) -> [UInt8]? {
        let bytes = try Files.read(file)
        guard bytes.count >= Self.digestLength else { return nil }
        let body = Array(bytes[Self.digestLength...])
        return Digest.sha256Hex(body).utf8.elementsEqual(bytes[..<Self.digestLength]) ? body : nil
    }

    /// Names of files whose bytes are not those that were kept.
    package func damaged() throws(SystemError) -> [String] {
        guard Files.exists(folder) else { return [] }
        var damaged: [String] = []
        for file in try Files.list(folder) where file.hasSuffix(Self.ending) {
            if try read(file: "\(folder)/\(file)") == nil { damaged.append(file) }
        }
        return damaged
    }

    private func path(_ name: String, _ version: UInt64) -> String {
        "\(folder)/\(Self.fileName(name)).\(version)\(Self.ending)"
    }

    /// Letters, digits and `_-` as they are, everything else as `%` and two digits.
    private static func fileName(_ name: String) -> String {
        name.utf8.reduce(into: "") { out, byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39) ~= byte)
            if isPlain || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") {
                out.unicodeScalars.append(scalar)
            } else {
                out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
    }
}
