import HTTPServer
import Runtime
import System
import ZeroMQ

/// Metrics and health over HTTP, on the supervisor's own loop.
extension Supervisor {
    /// Silent connections are closed, and a port that was in use is tried again, this often.
    private static let httpEvery: Duration = .seconds(2)

    func beginHTTP() {
        openHTTP(isFirst: true)
        loop.schedule(after: Self.httpEvery, repeating: Self.httpEvery) {
            self.assumeIsolated { $0.tickHTTP() }
        }
    }

    private func tickHTTP() {
        if let http { http.run() } else { openHTTP(isFirst: false) }
    }

    /// A port in use keeps nobody from selling: it is said once and tried again.
    private func openHTTP(isFirst: Bool) {
        guard plan.state != .stopping && plan.state != .stopped else { return }
        guard let place = TCPEndpoint("tcp://\(settings.supervisor.http)") else { return }
        do throws(HTTPServerError) {
            let server = try HTTPServer(address: place.address, port: place.port) { request in
                self.assumeIsolated { $0.answer(request) }
            }
            loop.onReadable(PollToken(descriptor: server.descriptor)) {
                self.assumeIsolated { $0.http?.run() }
            }
            http = server
            log.info("metrics and health", ["url": "http://\(place.address):\(place.port)/"])
        } catch {
            guard isFirst else { return }
            log.warning(
                "port \(place.port) cannot be used for metrics: \(error)",
                [
                    "hint": "change supervisor.http in \(environment.folder.configurationFile), "
                        + "or stop what uses the port: ss -ltnp 'sport = :\(place.port)'"
                ])
        }
    }

    /// Opens, moves or closes the server after the configuration has changed.
    func moveHTTP() {
        closeHTTP()
        openHTTP(isFirst: true)
    }

    func closeHTTP() {
        guard let server = http else { return }
        http = nil
        loop.unregister(PollToken(descriptor: server.descriptor))
        server.stop()
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        httpRequests += 1
        return HealthPages.answer(request, status())
    }
}
