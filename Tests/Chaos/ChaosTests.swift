import System
import TestSupport
import Testing

/// Everything here starts real processes and hurts them, so one test runs at a time.
@Suite(
    "Chaos", .serialized,
    .enabled(if: Programs.areBuilt, "limn and limn-supervisor are not built beside the tests"),
    .timeLimit(.minutes(120)))
struct ChaosTests {
    @Test("Whatever happens to a cluster, its promises hold")
    func promises() {
        let settings = ChaosSettings.fromEnvironment()
        let head = "chaos: seed \(settings.seed), commit \(ChaosSettings.commit)"
        print("\(head)\nagain with: \(settings.replay)")
        let run = ChaosRun(settings)
        print(run.tally.text)
        print(run.verdict.text)
        if !run.verdict.isGood { print("history: \(run.historyPath)") }
        print("\(head)\nagain with: \(settings.replay)")
        #expect(run.verdict.safety.isEmpty, "safety; \(settings.replay)")
        #expect(run.verdict.liveness.isEmpty, "liveness; \(settings.replay)")
        #expect(run.verdict.harness.isEmpty, "harness; \(settings.replay)")
    }
}
