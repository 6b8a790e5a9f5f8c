import CZeroMQ

/// A CURVE public key: 32 bytes, shown as Z85.
package struct PublicKey: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// The key with these 32 bytes, or nil if there are not 32.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Z85.keyBytes else { return nil }
        self.bytes = bytes
    }

    /// The key written as 40 characters of Z85, or nil if it is not.
    package init?(text: String) {
        guard let bytes = Z85.decode(text) else { return nil }
        self.bytes = bytes
    }

    package var text: String { Z85.encode(bytes) }
    package var description: String { text }
}

/// A CURVE secret key; printing it shows nothing.
package struct SecretKey: Sendable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    init?(text: String) {
        guard let bytes = Z85.decode(text) else { return nil }
        self.bytes = bytes
    }

    var text: String { Z85.encode(bytes) }
    package var description: String { "secret key" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A CURVE identity.
package struct KeyPair: Sendable {
    package let publicKey: PublicKey
    package let secretKey: SecretKey

    init(publicKey: PublicKey, secretKey: SecretKey) {
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// A new random pair.
    package static func generate() throws(ZeroMQError) -> KeyPair {
        var publicText = [CChar](repeating: 0, count: Z85.textBytes + 1)
        var secretText = publicText
        guard unsafe zmq_curve_keypair(&publicText, &secretText) == 0 else {
            throw .last("zmq_curve_keypair")
        }
        guard let publicKey = PublicKey(text: Z85.string(publicText)),
            let secretKey = SecretKey(text: Z85.string(secretText))
        else { throw ZeroMQError(call: "zmq_curve_keypair", errno: 0) }
        return KeyPair(publicKey: publicKey, secretKey: secretKey)
    }

    /// The public key that belongs to `secret`.
    static func publicKey(of secret: SecretKey) throws(ZeroMQError) -> PublicKey {
        var text = [CChar](repeating: 0, count: Z85.textBytes + 1)
        guard unsafe zmq_curve_public(&text, secret.text) == 0 else {
            throw .last("zmq_curve_public")
        }
        guard let key = PublicKey(text: Z85.string(text)) else {
            throw ZeroMQError(call: "zmq_curve_public", errno: 0)
        }
        return key
    }
}

/// Z85 of 32-byte keys, by libzmq's own coder.
enum Z85 {
    static let keyBytes = 32
    static let textBytes = 40

    static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count == keyBytes)
        var text = [CChar](repeating: 0, count: textBytes + 1)
        unsafe zmq_z85_encode(&text, bytes, bytes.count)
        return string(text)
    }

    static func decode(_ text: String) -> [UInt8]? {
        // libzmq reads its table at (character - 32), so the range is checked before the call.
        guard text.utf8.count == textBytes, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: keyBytes)
        guard unsafe zmq_z85_decode(&bytes, text) != nil else { return nil }
        return bytes
    }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
