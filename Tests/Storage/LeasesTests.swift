import Messages
import Storage
import Testing

@Suite("Leases: an epoch is given once, whoever asks and whatever restarts")
struct LeasesTests {
    @Test("epochs only rise, also across restarts and above a floor")
    func rising() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/leases.sqlite"
        var newest: [Int: UInt64] = [:]
        for round in 0..<5 {
            let leases = try SQLiteLeases(path: path)
            for lease in try leases.all() { #expect(lease.epoch == newest[lease.partition]) }
            for holder in 0..<3 {
                let wishes = (0..<64).map {
                    LeaseWish(
                        partition: $0, holder: holder, floor: $0 == 7 && round == 2 ? 1000 : 0)
                }
                for lease in try leases.grant(wishes) {
                    #expect(lease.epoch > newest[lease.partition] ?? 0)
                    #expect(lease.holder == holder)
                    newest[lease.partition] = lease.epoch
                }
            }
        }
        #expect(newest[7] ?? 0 > 1000)
        #expect(newest[8] == 15)
        #expect(try SQLiteLeases(path: path).all().allSatisfy { $0.holder == 2 })
    }

    @Test("two that grant from the same file never give the same epoch")
    func twoGranters() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/leases.sqlite"
        let (one, two) = (try SQLiteLeases(path: path), try SQLiteLeases(path: path))
        var epochs: [UInt64] = []
        for _ in 0..<20 {
            for leases in [one, two] {
                epochs += try leases.grant([LeaseWish(partition: 3, holder: 0)]).map(\.epoch)
            }
        }
        #expect(epochs == (1...40).map { UInt64($0) })
    }

    @Test("an opened partition is claimed; an empty store knows that it is")
    func stores() throws {
        let folder = try TemporaryFolder()
        let stores = FolderStores(folder: folder.path)
        let first = try stores.open(partition: 5, epoch: 9)
        #expect(try first.isEmpty() && first.epoch() == 9)
        _ = try first.commit(
            PartitionCommit(epoch: 9, appliedOffset: 1, users: StateRows([(1, [1])])))
        let (alone, epoch) = try stores.open(partition: 5)
        #expect(try epoch == 10 && !alone.isEmpty())
        #expect(throws: StorageError.fenced(stored: 10)) {
            _ = try stores.open(partition: 5, epoch: 9)
        }
    }
}
