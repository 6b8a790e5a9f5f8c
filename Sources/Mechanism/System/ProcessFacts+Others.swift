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

    /// What each thread of a process does at this moment, such as `limn-ingest running` or
    /// `limn-ingest in do_epoll_wait`; empty if it is gone.
    package static func threads(pid: Int32, max: Int = 32) -> [String] {
        let folder = "/proc/\(pid)/task"
        return ((try? Files.list(folder)) ?? []).sorted().prefix(max).compactMap { thread in
            guard let text = try? Files.readText("\(folder)/\(thread)/stat"),
                let start = text.firstIndex(of: "("), let end = text.lastIndex(of: ")")
            else { return nil }
            let name = text[text.index(after: start)..<end]
            let fields = text[text.index(after: end)...].split(separator: " ")
            let state = fields.first ?? "?"
            let place = (try? Files.readText("\(folder)/\(thread)/wchan")) ?? ""
            switch state {
            case "R": return "\(name) running"
            case "T", "t": return "\(name) stopped"
            default: return place.count > 1 ? "\(name) in \(place)" : "\(name) waiting (\(state))"
            }
        }
    }
}
