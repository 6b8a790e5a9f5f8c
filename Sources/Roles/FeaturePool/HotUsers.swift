import Features
import Runtime

/// How many users a worker keeps in memory.
enum HotUsers {
    /// The configured number, or what fits a quarter of the memory, shared by all workers there may
    /// be. A worker holds more than that between two commits, hence not the half.
    static func limit(_ settings: Configuration.Features, memoryBytes: UInt64) -> HotLimit {
        if settings.hotUsersMax > 0 { return HotLimit(users: settings.hotUsersMax) }
        let workers = UInt64(max(1, settings.workers))
        return HotLimit(bytes: max(Int(clamping: memoryBytes / 4 / workers), 16 << 20))
    }
}
