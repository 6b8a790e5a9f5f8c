import System
import Testing

@Suite("A folder belongs to one process", .timeLimit(.minutes(5)))
struct FolderLockTests {
    @Test func theSecondIsToldWhoHoldsIt() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        let path = "\(folder)/lock"
        let first = try FolderLock(path, note: "the first")
        do throws(FolderLock.Failure) {
            _ = try FolderLock(path, note: "the second")
            Issue.record("the folder was locked twice")
        } catch {
            #expect(error == .held(by: "the first"))
        }
        _ = consume first
        _ = try FolderLock(path, note: "third")
        #expect(try Files.readText(path) == "third")
    }

    @Test func whoOnlyLooksHoldsAndMakesNothing() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-test")
        defer { try? Files.removeTree(folder) }
        let path = "\(folder)/lock"
        #expect(FolderLock.isHeld(path) == false)
        #expect(!Files.exists(path))
        let first = try FolderLock(path, note: "the first")
        #expect(FolderLock.isHeld(path) == true)
        _ = consume first
        #expect(FolderLock.isHeld(path) == false)
        #expect(FolderLock.isHeld(folder) == false, "a folder can be locked too, and is not")
        _ = try FolderLock(path, note: "the second")
    }

    @Test func aFolderThatIsNotThereIsAnError() {
        #expect(throws: FolderLock.Failure.self) {
            _ = try FolderLock("/nowhere/lock", note: "")
        }
    }
}
