import Runtime

/// How many users a worker keeps in memory.
enum HotUsers {
    /// What a state takes in memory, with room for a busy one: `limn bench curve` shows it.
    static let bytesPerUser: UInt64 = 3 << 10

    /// The configured number, or what a quarter of the memory holds, shared by all workers there
    /// may be.
    static func most(_ settings: Configuration.Features, memoryBytes: UInt64) -> Int {
        if settings.hotUsersMax > 0 { return settings.hotUsersMax }
        let workers = UInt64(max(1, settings.workers))
        return Int(clamping: max(1000, memoryBytes / 4 / bytesPerUser / workers))
    }
}
