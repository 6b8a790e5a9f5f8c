import Messages
import Testing

@testable import Runtime

@Suite("A producer counts each batch once, in whatever order answers come", .timeLimit(.minutes(5)))
struct ProducerWindowTests {
    private func window(_ count: Int) -> ProducerWindow {
        var window = ProducerWindow()
        for _ in 0..<count {
            window.add(records: 1) { [UInt8($0)] }
            window.noteSent()
        }
        return window
    }

    private func result(_ sequence: UInt64) -> BatchResult {
        var result = BatchResult()
        result.sequence = sequence
        return result
    }

    @Test func anAcknowledgementSettlesOnce() {
        var window = window(2)
        #expect(window.acknowledged(result(1)) == .settled(result(1)))
        #expect(window.acknowledged(result(1)) == .none)
        #expect(window.firstUnacknowledged == 2)
        #expect(window.acknowledged(result(9)) == .none)
    }

    @Test func oneRefusalResendsEverythingBehindItOnce() {
        var window = window(3)
        let first = ProducerWindow.requestID(round: 0, sequence: 1)
        let second = ProducerWindow.requestID(round: 0, sequence: 2)
        #expect(
            window.refused(requestID: first, .overloaded, "", retryAfterMs: 70)
                == .resend(afterMs: 70))
        window.restart()
        // The gap refusals that follow belong to the old round.
        #expect(window.refused(requestID: second, .sequenceGap, "", retryAfterMs: 0) == .none)
        #expect(window.nextToSend?.sequence == 1)
    }

    @Test func aLateAcknowledgementOfAnEarlierRoundCounts() {
        var window = window(3)
        window.restart()
        window.noteSent()
        #expect(window.acknowledged(result(1)) == .settled(result(1)))
        #expect(window.nextToSend?.sequence == 2)
        #expect(window.acknowledged(result(3)) == .settled(result(3)))
        #expect(window.nextToSend?.sequence == 2)
        window.noteSent()
        #expect(window.nextToSend == nil)
    }

    @Test func whatCannotBeMendedFails() {
        var window = window(1)
        let id = ProducerWindow.requestID(round: 0, sequence: 1)
        #expect(
            window.refused(requestID: id, .staleEpoch, "old", retryAfterMs: 0)
                == .fail(.staleEpoch, "old"))
    }
}
