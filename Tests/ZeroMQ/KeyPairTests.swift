import Glibc
import Testing

@testable import ZeroMQ

@Suite("A key file is ours alone, or it is refused")
struct KeyPairTests {
    let bench: Bench
    let pair: KeyPair

    init() throws {
        bench = try Bench()
        pair = try KeyPair.generate()
    }

    @Test("What was saved is loaded, and the file has mode 0600")
    func roundTrip() throws {
        try pair.save(to: bench.path("key"))
        var status = stat()
        #expect(unsafe stat(bench.path("key"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let loaded = try KeyPair(file: bench.path("key"))
        #expect(loaded.publicKey == pair.publicKey)
        #expect(loaded.secretKey.bytes == pair.secretKey.bytes)
    }

    @Test("A file that others can read is refused", arguments: [0o644, 0o640, 0o604, 0o620, 0o666])
    func exposed(mode: UInt32) throws {
        try pair.save(to: bench.path("key"))
        #expect(unsafe chmod(bench.path("key"), mode) == 0)
        #expect(throws: KeyFileError.exposed(mode: mode)) { try KeyPair(file: bench.path("key")) }
    }

    @Test("An existing file is not replaced, a missing one is an error")
    func existing() throws {
        #expect(throws: KeyFileError.unusable(errno: ENOENT)) {
            try KeyPair(file: bench.path("key"))
        }
        try pair.save(to: bench.path("key"))
        #expect(throws: KeyFileError.unusable(errno: EEXIST)) {
            try KeyPair.generate().save(to: bench.path("key"))
        }
        #expect(try KeyPair(file: bench.path("key")).publicKey == pair.publicKey)
    }

    @Test("A link and a directory are refused")
    func notAFile() throws {
        try pair.save(to: bench.path("key"))
        #expect(unsafe symlink(bench.path("key"), bench.path("a")) == 0)
        #expect(throws: KeyFileError.unusable(errno: ELOOP)) { try KeyPair(file: bench.path("a")) }
        #expect(throws: KeyFileError.malformed) { try KeyPair(file: bench.directory) }
    }

    @Test("A damaged file is refused at every byte of the keys")
    func damaged() throws {
        try pair.save(to: bench.path("key"))
        let descriptor = unsafe open(bench.path("key"), O_RDWR)
        defer { close(descriptor) }
        var whole = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(descriptor, &whole, 256)
        for offset in 0..<(count - 1) {
            // Another letter of the alphabet: only the pairing of the two keys can show it. In the
            // last place ">" and "a" differ by 64, a bit that Curve25519 sets by itself (RFC 7748,
            // 5): both texts are the same key.
            let isEqual = whole[offset] == UInt8(ascii: "a") || whole[offset] == UInt8(ascii: ">")
            var changed = isEqual ? UInt8(ascii: "b") : UInt8(ascii: "a")
            _ = unsafe pwrite(descriptor, &changed, 1, off_t(offset))
            #expect(throws: KeyFileError.self, "offset \(offset)") {
                try KeyPair(file: bench.path("key"))
            }
            _ = unsafe pwrite(descriptor, &whole[offset], 1, off_t(offset))
        }
        #expect(try KeyPair(file: bench.path("key")).publicKey == pair.publicKey)
    }

    @Test("Keys are text and back, and a secret key does not print itself")
    func text() throws {
        #expect(PublicKey(text: pair.publicKey.text) == pair.publicKey)
        #expect(PublicKey(bytes: pair.publicKey.bytes) == pair.publicKey)
        #expect(PublicKey(text: "short") == nil)
        #expect(PublicKey(text: String(repeating: "\u{7f}", count: 40)) == nil)
        #expect(PublicKey(text: String(repeating: "é", count: 20)) == nil)
        var dumped = ""
        dump(pair, to: &dumped)
        #expect(!dumped.contains(pair.secretKey.text))
        #expect(!"\(pair)".contains(pair.secretKey.text))
    }
}
