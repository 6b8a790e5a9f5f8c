package import System
package import ZeroMQ

/// What a role is given: its folder, its keys and the loop it lives on.
package struct RoleEnvironment: Sendable {
    package let name: String
    package let index: Int
    /// Random per start.
    package let incarnation: UInt64
    package let folder: DataFolder
    package let configuration: Configuration
    package let endpoints: Endpoints
    package let loop: EventLoop
    package let context: Context
    package let keys: Keys
    /// Under which tables of what strangers choose are hashed.
    package let hashSecret: HashSecret
    package let authorisation: AuthorisedKeys
    package let log: Log
    /// Started before any socket is bound; ended after the last is closed.
    package let authenticator: Authenticator
    /// Connected before the role is made, if there is a supervisor.
    package let supervisor = SupervisorLine()
    package let startProgress = StartProgress()

    /// Reads keys and authorisation, starts the loop's thread and the authenticator.
    package static func make(
        _ kind: RoleKind, index: Int, folder: DataFolder, configuration: Configuration,
        authorised: String? = nil
    ) throws(StartFailure) -> RoleEnvironment {
        try make(
            name: kind.rawValue, index: index, folder: folder, configuration: configuration,
            authorised: authorised,
            file: TurningFile(
                path: folder.roleLogFile(kind, index), bytesMax: configuration.log.fileBytesMax,
                filesMax: configuration.log.filesMax))
    }

    /// The same for what is no role, such as the supervisor. `authorised` is the table of keys, nil
    /// the one in the data folder.
    package static func make(
        name: String, index: Int = 0, folder: DataFolder, configuration: Configuration,
        authorised: String? = nil, file: TurningFile? = nil
    ) throws(StartFailure) -> RoleEnvironment {
        let keys = try Keys.load(folder, as: .role)
        let hashSecret = try HashSecret.loadOrMake(folder)
        let authorisation = try AuthorisedKeys(file: authorised ?? folder.authorisedFile)
        do {
            let context = try Context()
            let authenticator = try Authenticator(
                in: context, users: authorisation.users,
                reserved: authorisation.table.reserved)
            return RoleEnvironment(
                name: name, index: index, incarnation: Entropy.uint64(), folder: folder,
                configuration: configuration,
                endpoints: Endpoints(folder: folder, configuration: configuration),
                loop: try EventLoop(name: "limn-\(name)"), context: context, keys: keys,
                hashSecret: hashSecret, authorisation: authorisation,
                log: Log(
                    name: "\(name)-\(index)", level: configuration.log.level,
                    format: configuration.log.format, limits: configuration.log.limits,
                    file: file),
                authenticator: authenticator)
        } catch {
            throw StartFailure(.temporary, "cannot start ZeroMQ: \(error)")
        }
    }

    /// Puts a table of keys in force: for each message and each connection from now on. Returns
    /// whether publishers must cut off who listens to them.
    package func authorise(_ table: Authorisation) -> Bool {
        let past = authorisation.table
        authorisation.replace(table)
        authenticator.replace(users: table.users, reserved: table.reserved)
        for change in table.changes(from: past) { log.info("keys", ["change": change]) }
        return table.silences(past)
    }

    /// Opens a server socket and binds it everywhere; a port in use is named with its key.
    package func bind(
        _ role: SocketRole, _ endpoints: [String], section: String? = nil
    ) throws(StartFailure) -> Socket {
        let security = try keys.binding(role)
        let socket: Socket
        do throws(ZeroMQError) {
            socket = try Socket(role, in: context, security: security)
        } catch {
            throw StartFailure(.temporary, "cannot open a socket: \(error)")
        }
        for endpoint in endpoints {
            do throws(ZeroMQError) {
                try socket.bind(endpoint)
            } catch {
                throw bindFailure(endpoint, section ?? name, error)
            }
        }
        return socket
    }

    private func bindFailure(
        _ endpoint: String, _ section: String, _ error: ZeroMQError
    ) -> StartFailure {
        let text = SystemError(call: "bind", code: error.errno, path: endpoint)
        guard let tcp = TCPEndpoint(endpoint) else {
            return StartFailure(.temporary, "cannot listen: \(text)")
        }
        let process = index > 0 ? " (process \(index): \(index) ports further on)" : ""
        return StartFailure(
            .configuration, "port \(tcp.port) cannot be used: \(text)",
            hint: "change \(section).listen in \(folder.configurationFile)\(process), "
                + "or stop what uses the port: ss -ltnp 'sport = :\(tcp.port)'")
    }

    /// Opens a client socket that is connected to nothing yet.
    package func open(_ role: SocketRole) throws(ZeroMQError) -> Socket {
        try Socket(role, in: context, security: keys.connecting)
    }

    /// Opens a client socket that connects to a server socket of the cluster.
    package func connect(_ role: SocketRole, _ endpoint: String) throws(ZeroMQError) -> Socket {
        let socket = try open(role)
        try socket.connect(endpoint)
        return socket
    }

    /// Ends the loop and the authenticator; the role must have stopped.
    package func end() {
        loop.stop()
        loop.join()
        authenticator.stop()
    }
}
