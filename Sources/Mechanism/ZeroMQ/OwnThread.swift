import Glibc

/// A thread that runs one closure; it can be waited for, or left to end by itself.
enum OwnThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread called `name` (15 bytes shown); traps if the system has none left.
    static func start(_ name: String, _ run: @escaping @Sendable () -> Void) {
        let named: @Sendable () -> Void = {
            label(String(name.prefix(15)))
            run()
        }
        var thread = pthread_t()
        let body = unsafe Unmanaged.passRetained(Body(named)).toOpaque()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body)
        precondition(status == 0, "no thread for \(name): errno \(status)")
        pthread_detach(thread)
    }

    // Shown by top and gdb; Swift's Glibc has no pthread_setname_np.
    private static func label(_ name: String) {
        let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = unsafe write(descriptor, name, name.utf8.count)
        close(descriptor)
    }
}
