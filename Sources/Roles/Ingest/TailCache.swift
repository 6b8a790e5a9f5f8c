/// The newest blocks of every partition in memory, so that consumers at the tail cost no read.
///
/// Bounded in bytes over all partitions; what falls out is read from the log again.
struct TailCache {
    struct CachedBlock {
        var partition: Int
        var firstOffset: UInt64
        var count: Int
        var records: [UInt8]

        var end: UInt64 { firstOffset + UInt64(count) }
    }

    private let bytesMax: Int
    private var bytes = 0
    /// All blocks in the order they came; `dropped` of them are gone from the front.
    private var queue: [Int] = []
    private var queueHead = 0
    private var blocks: [[CachedBlock]]
    private var heads: [Int]

    init(partitions: Int, bytesMax: Int) {
        self.bytesMax = bytesMax
        blocks = Array(repeating: [], count: partitions)
        heads = Array(repeating: 0, count: partitions)
    }

    mutating func append(_ block: CachedBlock) {
        blocks[block.partition].append(block)
        bytes += block.records.count
        queue.append(block.partition)
        while bytes > bytesMax && queueHead < queue.count { dropOldest() }
        if queueHead > 4096 && queueHead * 2 > queue.count {
            queue.removeFirst(queueHead)
            queueHead = 0
        }
    }

    private mutating func dropOldest() {
        let partition = queue[queueHead]
        queueHead += 1
        let head = heads[partition]
        bytes -= blocks[partition][head].records.count
        blocks[partition][head].records = []
        heads[partition] = head + 1
        if heads[partition] > 256 && heads[partition] * 2 > blocks[partition].count {
            blocks[partition].removeFirst(heads[partition])
            heads[partition] = 0
        }
    }

    /// True if everything from `offset` on is here (also when there is nothing yet to come).
    func covers(_ partition: Int, from offset: UInt64) -> Bool {
        let head = heads[partition]
        guard head < blocks[partition].count else { return false }
        return blocks[partition][head].firstOffset <= offset
    }

    /// Blocks that hold records from `offset` on, until `bytesMax` is reached or there are
    /// `blocksMax`; at least one if any.
    func read(
        _ partition: Int, from offset: UInt64, bytesMax: Int, blocksMax: Int = .max
    ) -> ArraySlice<CachedBlock> {
        let all = blocks[partition]
        // Offsets rise, so the first block that ends behind `offset` is found by halving.
        var low = heads[partition]
        var high = all.count
        while low < high {
            let middle = (low + high) / 2
            if all[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        var last = low
        var size = 0
        while last < all.count
            && (last == low
                || last - low < blocksMax && size + all[last].records.count <= bytesMax)
        {
            size += all[last].records.count
            last += 1
        }
        return all[low..<last]
    }
}
