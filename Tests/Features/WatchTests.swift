import Events
import Features
import Messages
import Testing

@Suite("A fold that is watched")
struct WatchTests {
    private static func block(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in 0..<count {
            var event = Event()
            event.userID = "u\(number % 3)"
            event.itemID = "i\(number)"
            event.type = .view
            event.timeMs = 1_750_000_000_000 + Int64(number)
            let encoded = event.encoded()
            bytes.appendRecord(
                .event, encoded.span, 0..<encoded.count, stamp: Stamp())
        }
        return bytes
    }

    private static func folded(
        _ watch: FoldWatch
    ) throws -> (fold: PartitionFold, users: [[UInt8]]) {
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: FoldParameters(),
            keys: .open)
        var changed: [UInt64] = []
        try fold.fold(
            block(20).span, firstOffset: 0, changed: &changed, watch: watch, load: { _ in nil })
        let users = fold.takeChanges().users.states.sorted { $0.key < $1.key }.map(\.state)
        return (fold, users)
    }

    @Test("names each record before it is applied, and leaves out what it must, with its bytes")
    func watch() throws {
        var begun: [UInt64] = []
        var left: [UInt64] = []
        let (fold, _) = try Self.folded(
            FoldWatch(
                leftOut: [7, 19], begins: { begun.append($0) },
                leaves: { offset, bytes in
                    left.append(offset)
                    let record = try Record(decoding: bytes)
                    #expect(record.content != nil)
                }))
        // Once before it is decoded and once before it is applied.
        let named = (UInt64(0)..<20).filter { $0 != 7 && $0 != 19 }
        #expect(begun == named + named)
        #expect(left == [7, 19])
        #expect(fold.appliedOffset == 20)
        #expect(fold.counts.events == 18 && fold.counts.leftOut == 2)
    }

    @Test("a state folded again without the same records is the same to the byte")
    func same() throws {
        let first = try Self.folded(FoldWatch(leftOut: [7], begins: { _ in }, leaves: { _, _ in }))
        let again = try Self.folded(.leavingOut([7]))
        #expect(first.users == again.users)
        let with = try Self.folded(.none)
        #expect(first.users != with.users)
    }
}
