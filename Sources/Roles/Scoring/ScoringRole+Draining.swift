import Runtime
import System
import ZeroMQ

/// Going without a question lost.
extension ScoringRole {
    /// Longest wait for the states that parked questions need; what is left then is answered with
    /// what is at hand.
    private static let parkedMax: Duration = .milliseconds(1500)
    /// Askers are told to go elsewhere until none has come for so long …
    private static let quietFor: Duration = .milliseconds(250)
    /// … but not longer than this.
    private static let refusingMax: Duration = .seconds(1)
    private static let lookEvery: Duration = .milliseconds(10)

    /// Answers what was asked, and refuses what comes, until nobody asks here any more.
    func drainOut() async {
        isDraining = true
        let begun = Clock.monotonic()
        while parked.count > 0, Clock.monotonic() - begun < Self.parkedMax { await pause() }
        let answered = Clock.monotonic()
        while true {
            let now = Clock.monotonic()
            if now - lastQuestion >= Self.quietFor || now - answered >= Self.refusingMax { return }
            await pause()
        }
    }

    private func pause() async {
        await withCheckedContinuation { continuation in
            environment.loop.schedule(after: Self.lookEvery) { continuation.resume() }
        }
    }
}
