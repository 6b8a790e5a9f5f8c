import Glibc

extension ProcessFacts {
    /// Processor time that another process has used so far, user and system, in seconds; 0 if it is
    /// gone.
    package static func cpuSeconds(pid: Int32) -> Double {
        guard let text = try? Files.readText("/proc/\(pid)/stat"),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Resident memory of another process in bytes; 0 if it is gone.
    package static func residentBytes(pid: Int32) -> UInt64 {
        guard let fields = try? Files.readText("/proc/\(pid)/statm").split(separator: " "),
            fields.count > 1, let pages = UInt64(fields[1])
        else { return 0 }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
