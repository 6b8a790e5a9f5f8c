import CMicroHTTPD
import Glibc

/// A small web server without a thread of its own: whoever owns it watches `descriptor` and calls
/// ``run()`` when it is readable, and now and then, so that silent connections are closed. The
/// handler is called inside ``run()``, on the caller's thread.
///
/// It answers GET and HEAD and reads no bodies. There is no encryption: bind it to 127.0.0.1, or
/// put a proxy before it.
@safe package final class HTTPServer {
    package typealias Handler = (HTTPRequest) -> HTTPResponse

    private var daemon: OpaquePointer?
    private let handler: Handler
    /// Readable when there is something to do.
    package private(set) var descriptor: Int32 = -1
    /// The port that is listened on.
    package let port: Int

    /// Listens at once; port 0 lets the system choose one.
    package init(
        address: String, port: Int, handler: @escaping Handler
    ) throws(HTTPServerError) {
        self.handler = handler
        let socket = try ListenSocket.open(address, port: port)
        self.port = ListenSocket.port(of: socket)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe daemon = limn_http_start(
            socket, Self.access, context, HTTPLimits.connections,
            HTTPLimits.connectionsPerAddress, HTTPLimits.connectionBytes,
            HTTPLimits.timeoutSeconds)
        guard let daemon = unsafe daemon else {
            close(socket)
            throw HTTPServerError(call: "MHD_start_daemon", code: errno)
        }
        descriptor = unsafe limn_http_descriptor(daemon)
    }

    deinit { stop() }

    /// Does what there is to do without waiting.
    package func run() {
        if let daemon = unsafe daemon { unsafe MHD_run(daemon) }
    }

    /// Closes all connections and the port; the descriptor must no longer be watched.
    package func stop() {
        if let daemon = unsafe daemon { unsafe MHD_stop_daemon(daemon) }
        unsafe daemon = nil
        descriptor = -1
    }

    private func respond(_ method: String, _ path: String) -> HTTPResponse {
        guard method == "GET" || method == "HEAD" else {
            return .text("only GET is answered here\n", status: 405)
        }
        return handler(HTTPRequest(method: method, path: path))
    }

    // Called twice per request: first without effect, so that headers and body are taken in, then
    // to answer. The mark is any address that is not nil.
    private static let access: MHD_AccessHandlerCallback = {
        context, connection, url, method, _, _, uploadSize, mark in
        guard let context = unsafe context, let connection = unsafe connection,
            let url = unsafe url, let method = unsafe method, let mark = unsafe mark
        else { return .NO }
        if unsafe mark.pointee == nil {
            unsafe mark.pointee = context
            return .YES
        }
        // Whatever somebody posts is thrown away.
        if let uploadSize = unsafe uploadSize, unsafe uploadSize.pointee > 0 {
            unsafe uploadSize.pointee = 0
            return .YES
        }
        let server = unsafe Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
        let answer = unsafe server.respond(String(cString: method), String(cString: url))
        return unsafe send(answer, on: connection)
    }

    private static func send(
        _ answer: HTTPResponse, on connection: OpaquePointer
    ) -> MHD_Result {
        var body = answer.body
        let response = unsafe body.withUnsafeMutableBytes { bytes in
            unsafe MHD_create_response_from_buffer(
                bytes.count, bytes.baseAddress, .RESPMEM_MUST_COPY)
        }
        guard let response = unsafe response else { return .NO }
        defer { unsafe MHD_destroy_response(response) }
        unsafe MHD_add_response_header(response, "Content-Type", answer.type)
        // No page elsewhere may guess a type or frame this one; nothing is to be kept.
        unsafe MHD_add_response_header(response, "X-Content-Type-Options", "nosniff")
        unsafe MHD_add_response_header(response, "X-Frame-Options", "DENY")
        unsafe MHD_add_response_header(response, "Cache-Control", "no-store")
        if answer.status == 405 { unsafe MHD_add_response_header(response, "Allow", "GET, HEAD") }
        return unsafe MHD_queue_response(connection, answer.status, response)
    }
}
