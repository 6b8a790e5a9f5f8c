import CSodium
import Glibc

/// SHA-256 of what is fed in pieces.
package struct SHA256 {
    private var state = crypto_hash_sha256_state()

    package init() {
        unsafe crypto_hash_sha256_init(&state)
    }

    package mutating func update(_ bytes: [UInt8]) {
        unsafe crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
    }

    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe crypto_hash_sha256_update(&state, start, UInt64(buffer.count))
        }
    }

    /// The digest as 64 hexadecimal digits; the value is spent afterwards.
    package mutating func finishHex() -> String {
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        unsafe crypto_hash_sha256_final(&state, &digest)
        return Digest.hex(digest)
    }
}

/// Digests of bytes and files.
package enum Digest {
    /// SHA-256 as 64 hexadecimal digits.
    package static func sha256Hex(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finishHex()
    }

    /// SHA-256 of a file, read in pieces of 1 MiB.
    package static func sha256Hex(file path: String) throws(SystemError) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last("open", path) }
        defer { close(file) }
        var hash = SHA256()
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = unsafe Glibc.read(file, &chunk, chunk.count)
            if got < 0 && errno == EINTR { continue }
            if got < 0 { throw .last("read", path) }
            if got == 0 { return hash.finishHex() }
            hash.update(Array(chunk[..<got]))
        }
    }

    /// Lower-case hexadecimal.
    package static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
