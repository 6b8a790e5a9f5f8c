import Messages
import Runtime
import Testing

@testable import Scoring

@Suite("Scoring knows who owns a partition")
struct OwnersTests {
    /// Partition 0 is owned as told, all others by worker 0 under epoch 1.
    private func assignment(_ version: UInt64, worker: Int?, epoch: UInt64) -> Assignment {
        var assignment = Assignment()
        assignment.version = version
        assignment.workers = Array(repeating: 1, count: Endpoints.partitions)
        assignment.epochs = Array(repeating: 1, count: Endpoints.partitions)
        assignment.workers[0] = worker.map { UInt32($0) + 1 } ?? 0
        assignment.epochs[0] = epoch
        return assignment
    }

    @Test func nobodyOwnsAnythingAtFirst() {
        let owners = Owners()
        #expect(owners.version == 0)
        #expect((0..<Endpoints.partitions).allSatisfy { owners[$0] == nil })
    }

    @Test func onlyANewLeaseMovesAPartition() {
        var owners = Owners()
        let all = Set(0..<Endpoints.partitions)
        let moved1 = owners.take(assignment(1, worker: 0, epoch: 1), at: .seconds(1))
        #expect(moved1 == all)
        let moved2 = owners.take(assignment(2, worker: 0, epoch: 1), at: .seconds(2))
        #expect(moved2.isEmpty)
        // On its way nobody owns it, but what is known of its users still holds.
        let moved3 = owners.take(assignment(3, worker: nil, epoch: 1), at: .seconds(3))
        #expect(moved3.isEmpty)
        #expect(owners[0] == nil)
        let moved4 = owners.take(assignment(4, worker: 1, epoch: 2), at: .seconds(4))
        #expect(moved4 == [0])
        #expect(owners[0] == 1)
        #expect(owners[1] == 0)
        #expect(owners.version == 4)
        // The same worker after a restart holds a new lease, and may have folded on.
        let moved5 = owners.take(assignment(5, worker: 1, epoch: 3), at: .seconds(5))
        #expect(moved5 == [0])
    }

    @Test func aPartitionIsAbandonedOnlyAfterALongVacancy() {
        var owners = Owners()
        let silence = ChangeFollower.silenceMax
        _ = owners.take(assignment(1, worker: 0, epoch: 1), at: .seconds(100))
        #expect(!owners.isAbandoned(0, at: .seconds(1000)))
        _ = owners.take(assignment(2, worker: nil, epoch: 1), at: .seconds(1000))
        #expect(!owners.isAbandoned(0, at: .seconds(1000) + silence))
        // A later assignment without an owner does not begin the wait again.
        _ = owners.take(assignment(3, worker: nil, epoch: 1), at: .seconds(1002))
        #expect(owners.isAbandoned(0, at: .seconds(1000) + silence + .milliseconds(1)))
        #expect(!owners.isAbandoned(1, at: .seconds(2000)))
        _ = owners.take(assignment(4, worker: 1, epoch: 2), at: .seconds(2000))
        #expect(!owners.isAbandoned(0, at: .seconds(3000)))
        _ = owners.take(assignment(5, worker: nil, epoch: 2), at: .seconds(3000))
        #expect(!owners.isAbandoned(0, at: .seconds(3001)))
    }

    @Test func aShortAssignmentLeavesTheRestWithoutOwner() {
        var owners = Owners()
        _ = owners.take(assignment(1, worker: 0, epoch: 1), at: .zero)
        var short = Assignment()
        short.version = 2
        short.workers = [1]
        short.epochs = [1]
        let moved = owners.take(short, at: .seconds(1))
        #expect(moved == Set(1..<Endpoints.partitions))
        #expect(owners[0] == 0)
        #expect(owners[Endpoints.partitions - 1] == nil)
    }
}
