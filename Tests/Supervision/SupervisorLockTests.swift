import Foundation
import Runtime
import Supervision
import Synchronization
import System
import Testing

@Suite("The lock of a supervisor, and those who look at it", .timeLimit(.minutes(2)))
struct SupervisorLockTests {
    @Test("Commands that look whether a supervisor runs keep none from starting")
    func looking() throws {
        let path = try Files.makeTemporaryFolder(prefix: "limn-lock")
        defer { try? Files.removeTree(path) }
        let folder = try DataFolder(path)
        let isOver = Atomic(false)
        let looks = Atomic(0)
        let thread = Thread {
            while !isOver.load(ordering: .relaxed) {
                _ = folder.isSupervised
                looks.add(1, ordering: .relaxed)
            }
        }
        thread.start()
        defer { isOver.store(true, ordering: .relaxed) }
        var taken = 0
        // With a single attempt the first few already met somebody who looked.
        while looks.load(ordering: .relaxed) < 50_000 || taken < 1_000 {
            let lock = try SupervisorLock.take(folder)
            #expect(folder.isSupervised == true)
            _ = consume lock
            taken += 1
        }
    }

    @Test("A second supervisor is refused, and told who holds the folder")
    func held() throws {
        let path = try Files.makeTemporaryFolder(prefix: "limn-lock")
        defer { try? Files.removeTree(path) }
        let folder = try DataFolder(path)
        let lock = try SupervisorLock.take(folder)
        do throws(StartFailure) {
            _ = try SupervisorLock.take(folder)
            Issue.record("taken twice")
        } catch {
            #expect(error.exit == .unavailable && error.message.contains("in use by limn-super"))
        }
        _ = consume lock
    }
}
