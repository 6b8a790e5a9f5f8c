import CShims
import Glibc

/// What a process uses, from `/proc`.
package struct ProcessFacts: Sendable, Equatable {
    package var rssBytes: UInt64 = 0
    package var cpuSeconds: Double = 0
    package var openDescriptors: Int = 0
    /// How many this process may have open; raised to what the system allows at the first look.
    package static let descriptorsMax = Int(clamping: limn_raise_descriptor_limit())

    /// From seven tenths of the limit on somebody must look: near it, libzmq's thread spins.
    package var isShortOfDescriptors: Bool {
        Self.descriptorsMax > 0 && openDescriptors >= Self.descriptorsMax / 10 * 7
    }

    /// Facts of this process; what cannot be read stays 0.
    package static func current() -> ProcessFacts {
        var facts = ProcessFacts()
        if let fields = try? Files.readText("/proc/self/statm").split(separator: " "),
            fields.count > 1, let pages = UInt64(fields[1])
        {
            facts.rssBytes = pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
        }
        var usage = rusage()
        if unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            facts.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        }
        facts.openDescriptors = (try? Files.list("/proc/self/fd").count) ?? 0
        return facts
    }

    package static func currentPid() -> Int32 { getpid() }

    /// When a process started, in ticks since boot: with the pid it names one process for ever.
    package static func startTicks(pid: Int32) -> UInt64? {
        guard let text = try? Files.readText("/proc/\(pid)/stat") else { return nil }
        // The name in parentheses may hold spaces, so fields are counted after the last one.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        // A zombie has ended already.
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return UInt64(fields[19])
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}
