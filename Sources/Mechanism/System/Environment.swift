import Glibc

/// What the process was started with.
package enum Environment {
    /// An environment variable that is set and not empty.
    package static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// Tells the allocator of programs that are started from here on what they are like. Whoever
    /// set the variable already keeps it.
    ///
    /// Huge pages where the kernel gives them: a fold goes to users in no order, and with small
    /// pages much of it is waiting for addresses to be translated. Freed memory is kept, up to
    /// 256 MiB: frames and blocks of a megabyte come and go many times a second, and giving each
    /// back to the kernel, to be cleared again, took a quarter of the processor time. One arena,
    /// since one loop does nearly everything and arenas of other threads give back more eagerly.
    package static func tuneAllocator() {
        let tunables = [
            "hugetlb=1", "arena_max=1", "mmap_threshold=\(32 << 20)",
            "trim_threshold=\(256 << 20)", "top_pad=\(8 << 20)",
        ]
        let value = tunables.map { "glibc.malloc.\($0)" }.joined(separator: ":")
        unsafe setenv("GLIBC_TUNABLES", value, 0)
    }

    /// Memory that this process may use, in bytes: the machine's or, if less, its control group's.
    package static func memoryBytes() -> UInt64 {
        let pages = UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES))))
        let machine = pages * UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
        let limits = [
            "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        ]
        let groups = limits.compactMap { path in
            (try? Files.readText(path)).flatMap {
                UInt64($0.split(separator: "\n").first ?? "")
            }
        }
        return groups.reduce(machine, min)
    }

    /// Processors that are there for this process.
    package static func cores() -> Double {
        Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// The path of the running program.
    package static func executablePath() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// True when a person reads what is written to standard error.
    package static var hasTerminal: Bool { isatty(2) == 1 }
}
