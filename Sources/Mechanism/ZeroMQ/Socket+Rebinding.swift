import Glibc

extension Socket {
    /// Longest wait for a listener to be gone before its place is taken again.
    static let rebindMs = 2000

    /// Ends every connection at these endpoints and listens there again: whoever may connect does
    /// so by itself, whoever may no longer is refused. What was queued for them is lost.
    ///
    /// A listener goes in the background, and one on ipc removes its file last, which must not be
    /// that of the new one.
    package func rebind(_ endpoints: [String]) throws(ZeroMQError) {
        for endpoint in endpoints {
            do throws(ZeroMQError) {
                try unbind(endpoint)
            } catch {
                // Not bound since an earlier try failed half way.
                guard error.errno == ENOENT else { throw error }
            }
        }
        for endpoint in endpoints {
            var left = Self.rebindMs
            while Self.isThere(endpoint), left > 0 {
                usleep(1000)
                left -= 1
            }
            while true {
                do throws(ZeroMQError) {
                    try bind(endpoint)
                    break
                } catch {
                    guard error.errno == EADDRINUSE, left > 0 else { throw error }
                    usleep(1000)
                    left -= 1
                }
            }
        }
    }

    private static func isThere(_ endpoint: String) -> Bool {
        guard endpoint.hasPrefix("ipc://") else { return false }
        return unsafe access(String(endpoint.dropFirst("ipc://".count)), F_OK) == 0
    }
}
