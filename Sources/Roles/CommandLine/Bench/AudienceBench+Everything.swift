import Audiences
import Events
import Expressions
import Features
import Messages
import Profiles
import Simulation

extension AudienceBench {
    /// Memory of an index that keeps every number that expressions can ask for, measured over
    /// states folded from a simulated shop.
    struct Everything {
        var users: Int
        var columns: Int
        var bytesPerUser: Double
    }

    static func everything(users: Int) throws -> Everything {
        let parameters = ShopParameters(users: users, items: 2000, events: users * 50)
        let states = try fold(ShopSimulation(seed: 1, parameters: parameters))
        let slots = UserSymbols.table.symbols.compactMap { symbol -> Slot? in
            switch symbol.type {
            case .number, .flag, .time, .duration: .value(symbol.name)
            case .set, .numbers, .texts: .size(symbol.name)
            case .text: nil
            }
        }.filter { $0 != .value("now") }
        let newestMs = states.map(\.lastSeenMs).max() ?? 0
        var index = AudienceIndex(
            slots: slots, textSlots: [], tags: try TagReader([]).set)
        let reader = SlotReader(slots: index.slots, textSlots: [])
        for state in states {
            let view = UserView(state, nowMs: newestMs)
            _ = index.update(
                state.userID, numbers: reader.numbers(of: view), texts: [], nowMs: newestMs)
        }
        return Everything(
            users: states.count, columns: index.slots.count,
            bytesPerUser: Double(index.byteCount) / Double(max(1, states.count)))
    }

    private static func fold(_ simulation: ShopSimulation) throws -> [UserState] {
        var fold = PartitionFold(
            partition: 0, appliedOffset: 0, storeIsEmpty: true, parameters: .standard,
            keys: .open)
        var changed: [UInt64] = []
        var block: [UInt8] = []
        var (first, count) = (0, 0)
        func flush() throws {
            try fold.fold(
                block.span, firstOffset: UInt64(first), changed: &changed, load: { _ in nil })
            fold.dropOutbox()
            changed.removeAll(keepingCapacity: true)
            block.removeAll(keepingCapacity: true)
            first = count
        }
        var shop = simulation
        while let event = shop.next() {
            let body = event.encoded()
            block.appendRecord(.event, body.span, 0..<body.count, stamp: Stamp())
            count += 1
            if count - first == 1000 { try flush() }
        }
        try flush()
        return fold.table.states
    }
}
