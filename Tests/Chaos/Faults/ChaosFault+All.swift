extension ChaosFault {
    /// Everything that can be injected on some machine.
    static var all: [ChaosFault] {
        signals + supervision + scalings + writes + limits + clients + wires + surroundings
            + attacks + damages + [poison]
    }

    /// Rows of the matrix that no run injects, and why.
    static let never: [(String, String)] = [
        ("torn write", "every offset and byte is tried in Tests/Storage CrashTests"),
        ("lost unsynced writes", "needs a disk that forgets; no device mapper here"),
        ("read-only remount", "busy while files are open for writing; disk-full covers refusal"),
        ("half-open TCP, loss, RST", "roles of one host speak ipc; wire-* does it to the bytes"),
        ("version skew", "no program of an earlier version is kept"),
        ("OOM kill", "a kill like any other (kill-*); address-space refuses memory instead"),
        ("soak of one hour", "too long for a test run: Deploy/chaos --seconds 3600"),
        ("path theft by the same user", "the same user may read the keys as well"),
    ]
}
