/// How a socket proves itself and whom it lets in.
package enum Security: Sendable {
    /// No CURVE: for inproc and tests only.
    case unprotected
    /// The binding side: its own pair, and the ZAP domain its clients are checked in.
    case server(KeyPair, domain: String)
    /// The connecting side: the server's public key and its own pair.
    case client(server: PublicKey, own: KeyPair)
}
