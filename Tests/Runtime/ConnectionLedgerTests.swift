import Runtime
import System
import Testing

@Suite("Connections that take more than they may")
struct ConnectionLedgerTests {
    private static let limits = ConnectionLedger.Limits(
        unreadBytesMax: 10_000, connectionsMax: 3)

    private static func connection(
        _ descriptor: Int32, _ received: UInt64, peer: UInt64? = nil
    ) -> TCPConnection {
        TCPConnection(
            descriptor: descriptor, port: 7410, peer: peer ?? UInt64(descriptor),
            received: received)
    }

    @Test("a message without an end ends its connection; whoever is read, however late, stays")
    func endless() {
        var ledger = ConnectionLedger(limits: Self.limits)
        var honest: UInt64 = 600
        for look in 1...50 {
            // What waits is bounded, though many times the bound has come by in the end.
            honest += 9000
            ledger.hear(7, from: "honest", bytes: 8900, frames: 1)
            let hostile = UInt64(look) * 3000
            let found = ledger.look([
                Self.connection(7, honest), Self.connection(8, hostile),
            ])
            let expected: [ConnectionLedger.Verdict] =
                hostile > 10_000
                ? [.endlessMessage(Self.connection(8, hostile), key: nil)] : []
            #expect(found == expected, "look \(look)")
        }
    }

    @Test("small messages do not earn the right to a large one; a new peer begins anew")
    func overheads() {
        var ledger = ConnectionLedger(limits: Self.limits)
        for _ in 0..<10_000 { ledger.hear(4, from: "k", bytes: 1, frames: 1) }
        #expect(ledger.look([Self.connection(4, 430_000)]) == [])
        let more = Self.connection(4, 430_000 + 10_001)
        #expect(ledger.look([more]) == [.endlessMessage(more, key: "k")])
        #expect(ledger.look([Self.connection(4, 9_000, peer: 99)]) == [])
        #expect(ledger.count == 1)
        #expect(ledger.look([]) == [] && ledger.count == 0)
    }

    @Test("connections of a revoked key end, whatever they do; others stay")
    func revoked() {
        var ledger = ConnectionLedger(limits: Self.limits)
        ledger.hear(4, from: "gone", bytes: 1, frames: 1)
        ledger.hear(5, from: "stays", bytes: 1, frames: 1)
        let all = (4...6).map { Self.connection($0, 50) }
        #expect(ledger.look(all) == [])
        #expect(ledger.look(all) { $0 == "stays" } == [.revoked(all[0], key: "gone")])
    }

    @Test("a key keeps the connections that it has, and gets no more; nobody else notices")
    func connections() {
        var ledger = ConnectionLedger(limits: Self.limits)
        func look(_ hostile: ClosedRange<Int32>) -> [ConnectionLedger.Verdict] {
            for descriptor in hostile {
                ledger.hear(descriptor, from: "hostile", bytes: 1, frames: 1)
            }
            ledger.hear(1, from: "honest", bytes: 1, frames: 1)
            return ledger.look([Self.connection(1, 50)] + hostile.map { Self.connection($0, 50) })
        }
        #expect(look(10...12) == [])
        let extra = look(10...14)
        #expect(
            extra == [13, 14].map { .tooMany(Self.connection($0, 50), key: "hostile") })
        // Of those that say nothing the oldest goes: somebody new may be about to speak.
        var silent = ConnectionLedger(limits: Self.limits)
        let gone = silent.look((20...23).map { Self.connection($0, 0) })
        #expect(gone == [.tooMany(Self.connection(20, 0), key: nil)])
    }
}
