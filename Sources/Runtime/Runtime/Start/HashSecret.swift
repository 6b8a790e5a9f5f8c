import System

/// The secret of a data folder under which its programs hash what strangers choose, such as ids of
/// users: `keys/hash.key`, 128 bits in hexadecimal, mode 0600.
///
/// Unlike the other keys it may be replaced while the cluster stands: state files say by which key
/// they are ordered, and are put in order again when they are opened with another.
package struct HashSecret: Sendable, Equatable {
    package let words: (UInt64, UInt64)

    private static let comment =
        "# Limn's key for hashing ids (secret): hash tables are as strong as it is unknown.\n"

    package static func == (one: HashSecret, other: HashSecret) -> Bool {
        one.words == other.words
    }

    /// The folder's secret; one is made where there is none, as in a folder of an earlier version.
    /// Whoever comes first makes it, and all others read that.
    package static func loadOrMake(_ folder: DataFolder) throws(StartFailure) -> HashSecret {
        if let found = try load(folder) { return found }
        let text = Entropy.bytes(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
        do throws(SystemError) {
            _ = try Files.writeNew(
                folder.hashSecretFile, Array("\(comment)\(text)\n".utf8), mode: 0o600)
        } catch {
            throw folder.notUsable(error)
        }
        guard let made = try load(folder) else {
            throw StartFailure(
                .configuration, "\(folder.hashSecretFile) was removed while it was made")
        }
        return made
    }

    /// The folder's secret; nil in a folder that no present version has started.
    package static func load(_ folder: DataFolder) throws(StartFailure) -> HashSecret? {
        let path = folder.hashSecretFile
        guard Files.exists(path) else { return nil }
        let (text, mode): (String, UInt32)
        do throws(SystemError) {
            (text, mode) = (try Files.readText(path, bytesMax: 4096), try Files.mode(path))
        } catch {
            throw folder.notUsable(error)
        }
        guard mode & 0o077 == 0 else {
            throw StartFailure(
                .permission,
                "others can read the key file \(path) (mode \(String(mode & 0o777, radix: 8)))",
                hint: "chmod 600 \(path)")
        }
        guard let secret = HashSecret(text: text) else {
            throw StartFailure(
                .configuration, "\(path) is not a key file",
                hint: "restore it from a backup, or remove it: a new one is made at the start")
        }
        return secret
    }

    private init?(text: String) {
        let line = text.split(separator: "\n").first { !$0.hasPrefix("#") } ?? ""
        let digits = Array(line.utf8)
        guard digits.count == 32,
            let first = UInt64(String(decoding: digits[..<16], as: UTF8.self), radix: 16),
            let second = UInt64(String(decoding: digits[16...], as: UTF8.self), radix: 16)
        else { return nil }
        words = (first, second)
    }
}
