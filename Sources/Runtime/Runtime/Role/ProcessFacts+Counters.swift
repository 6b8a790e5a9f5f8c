package import Messages
package import System

extension ProcessFacts {
    /// As counters of a sign of life.
    package var counters: [NamedValue] {
        var vitals = RoleVitals()
        vitals.count("process.rss_bytes", rssBytes)
        vitals.count("process.cpu_seconds", cpuSeconds)
        vitals.count("process.descriptors", openDescriptors)
        vitals.count("process.descriptors_max", Self.descriptorsMax)
        return vitals.counters
    }
}
