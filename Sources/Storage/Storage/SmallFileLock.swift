import System

/// Taking turns at a small file that several processes rewrite.
enum SmallFileLock {
    /// Waits for whoever holds it: as long as it takes to write a small file, so a second is long.
    static func take(_ path: String) throws(StorageError) -> FolderLock {
        for _ in 0..<200 {
            do throws(FolderLock.Failure) {
                return try FolderLock(path, note: "")
            } catch {
                guard case .held = error else { throw .io("\(path): \(error)") }
            }
            Clock.pause(.milliseconds(5))
        }
        throw .busy(path)
    }
}
