import Messages
import Testing

@testable import FeaturePool

@Suite("What one fetch brought is handed on block by block")
struct PortionTests {
    private func fetched(_ partitions: [UInt32]) -> Fetched {
        var fetched = Fetched()
        for (number, partition) in partitions.enumerated() {
            var block = Block()
            block.partition = partition
            block.firstOffset = UInt64(number)
            fetched.blocks.append(block)
        }
        fetched.ends = (UInt32(0)..<8).map { partition in
            var position = Position()
            position.partition = partition
            return position
        }
        return fetched
    }

    @Test("a partition is settled once its last block is out, and was asked for")
    func settled() {
        var portion = Portion(fetched([1, 2, 1, 3, 2]), first: [2])
        #expect(portion.settled(of: [0, 1, 2, 9]) == [0])
        var order: [UInt64] = []
        while let block = portion.next() {
            order.append(block.firstOffset)
            let isLast = !portion.isWaiting(Int(block.partition))
            #expect(isLast == !portion.settled(of: [Int(block.partition)]).isEmpty)
        }
        #expect(order == [1, 4, 0, 2, 3] && portion.isEmpty)
        #expect(portion.settled(of: [0, 1, 2, 3]) == [0, 1, 2, 3])
    }

    @Test("what is left out neither comes nor keeps anybody waiting")
    func leftOut() {
        var portion = Portion(fetched([1, 2, 1, 3]))
        _ = portion.next()
        portion.leaveOut([1])
        #expect(!portion.isWaiting(1) && portion.isWaiting(2))
        #expect(portion.settled(of: [1]).isEmpty, "asked for anew")
        #expect(portion.next()?.partition == 2 && portion.next()?.partition == 3)
        #expect(portion.next() == nil && !portion.isWaiting(3))
    }
}
