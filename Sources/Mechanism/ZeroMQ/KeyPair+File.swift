import Glibc

/// Why a key file was not used.
package enum KeyFileError: Error, Equatable {
    /// The file could not be opened, read or written; the `errno` says why.
    case unusable(errno: Int32)
    /// Someone else may read or write the file, or owns it; its mode must be 0600.
    case exposed(mode: UInt32)
    /// Not a key file, or its halves do not belong together.
    case malformed
}

extension KeyPair {
    private static let heading = "limn-key-pair 1"

    /// Reads a pair; refuses a file that is not a regular file of ours with mode 0600 or less.
    package init(file path: String) throws(KeyFileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unusable(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .unusable(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Limits.keyFileBytes else {
            throw .malformed
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
            throw .exposed(mode: status.st_mode & 0o7777)
        }
        var buffer = [UInt8](repeating: 0, count: Limits.keyFileBytes)
        let count = unsafe read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw .unusable(errno: errno) }
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        let lines = text.split(separator: "\n")
        guard lines.count == 3, lines[0] == Self.heading,
            let publicKey = PublicKey(text: String(lines[1])),
            let secretKey = SecretKey(text: String(lines[2])),
            let derived = try? Self.publicKey(of: secretKey), derived == publicKey
        else { throw .malformed }
        self.init(publicKey: publicKey, secretKey: secretKey)
    }

    /// Writes the pair to a new file with mode 0600 and syncs it; never replaces a file.
    package func save(to path: String) throws(KeyFileError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else { throw .unusable(errno: errno) }
        defer { close(descriptor) }
        let text = Array("\(Self.heading)\n\(publicKey.text)\n\(secretKey.text)\n".utf8)
        // So short a write to a new file is whole or has failed; half a key must not stay.
        let written = unsafe write(descriptor, text, text.count)
        guard written == text.count, fsync(descriptor) == 0 else {
            let code = written < 0 ? errno : EIO
            unsafe unlink(path)
            throw .unusable(errno: code)
        }
    }
}
