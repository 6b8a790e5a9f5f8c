import System
package import ZeroMQ

/// The CURVE keys a process works with.
package struct Keys: Sendable {
    /// On whose behalf a process acts.
    package enum Holder: String, Sendable, CaseIterable {
        /// A role or supervisor: cluster-internal, and the only one that binds sockets.
        case role
        /// The `limn` command line: everything.
        case `operator`
        /// An application: sends events and asks.
        case client
    }

    /// What this process shows when it connects.
    package let own: KeyPair
    /// The pair of every server socket; only for roles.
    package let server: KeyPair?
    package let serverPublicKey: PublicKey

    package init(own: KeyPair, server: KeyPair?, serverPublicKey: PublicKey) {
        self.own = own
        self.server = server
        self.serverPublicKey = serverPublicKey
    }

    /// Reads what the holder needs; refuses key files that others can read.
    package static func load(_ folder: DataFolder, as holder: Holder) throws(StartFailure) -> Keys {
        let own = try pair(folder, holder.rawValue)
        if holder == .role {
            let server = try pair(folder, "server")
            return Keys(own: own, server: server, serverPublicKey: server.publicKey)
        }
        let path = "\(folder.keysFolder)/server.public"
        let text = (try? Files.readText(path, bytesMax: 4096)) ?? ""
        let line = text.split(separator: "\n").first { !$0.hasPrefix("#") }
        guard let line, let key = PublicKey(text: String(line)) else {
            throw StartFailure(
                .configuration, "no server key in \(path)", hint: "limn init makes one")
        }
        return Keys(own: own, server: nil, serverPublicKey: key)
    }

    /// How a server socket of this process proves itself.
    package func binding(_ role: SocketRole) throws(StartFailure) -> Security {
        guard let server else {
            throw StartFailure(.bug, "a socket is bound without the server key")
        }
        return .server(server, domain: role.domain)
    }

    /// How this process proves itself to a server socket of the cluster.
    package var connecting: Security { .client(server: serverPublicKey, own: own) }

    private static func pair(_ folder: DataFolder, _ name: String) throws(StartFailure) -> KeyPair {
        let path = "\(folder.keysFolder)/\(name).key"
        do throws(KeyFileError) {
            return try KeyPair(file: path)
        } catch {
            switch error {
            case .exposed(let mode):
                throw StartFailure(
                    .permission,
                    "others can read the key file \(path) (mode \(String(mode, radix: 8)))",
                    hint: "chmod 600 \(path)")
            case .malformed:
                throw StartFailure(
                    .configuration, "\(path) is not a key file", hint: "restore it from a backup")
            case .unusable(let code):
                let missing = SystemError(call: "open", code: code, path: path)
                throw StartFailure(
                    missing.isPermission ? .permission : .configuration,
                    "cannot use the key file: \(missing)", hint: "limn init makes the keys")
            }
        }
    }
}
