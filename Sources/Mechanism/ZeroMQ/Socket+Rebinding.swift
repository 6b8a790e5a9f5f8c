import Glibc

extension Socket {
    /// Longest wait for a port of a listener that goes, far below what a loop may be silent.
    static let rebindMs: Int64 = 1000
    /// Longest wait for a listener on ipc to remove its file. Newer versions of libzmq leave it.
    static let unlinkMs: Int64 = 100

    /// Ends every connection at these endpoints and listens there again: whoever may connect does
    /// so by itself, whoever may no longer is refused. What was queued for them is lost.
    ///
    /// A listener goes in the background, and one on ipc may remove its file last, which must not
    /// be that of the new one.
    package func rebind(_ endpoints: [String]) throws(ZeroMQError) {
        for endpoint in endpoints {
            do throws(ZeroMQError) {
                try unbind(endpoint)
            } catch {
                // Not bound since an earlier try failed half way.
                guard error.errno == ENOENT else { throw error }
            }
        }
        let begun = Self.nowMs()
        for endpoint in endpoints {
            while Self.isThere(endpoint), Self.nowMs() - begun < Self.unlinkMs { usleep(1000) }
            while true {
                do throws(ZeroMQError) {
                    try bind(endpoint)
                    break
                } catch {
                    let isEarly = Self.nowMs() - begun < Self.rebindMs
                    guard error.errno == EADDRINUSE, isEarly else { throw error }
                    usleep(1000)
                }
            }
        }
    }

    private static func nowMs() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func isThere(_ endpoint: String) -> Bool {
        guard endpoint.hasPrefix("ipc://") else { return false }
        return unsafe access(String(endpoint.dropFirst("ipc://".count)), F_OK) == 0
    }
}
