import Glibc

extension RoleEnvironment {
    /// Ends the process after something that only a fresh start can mend; the supervisor restarts
    /// it.
    package func fail(_ exitClass: ExitClass, _ message: String) -> Never {
        log.flush(all: true)
        log.error("giving up", ["reason": message])
        exit(exitClass.rawValue)
    }
}
