import Runtime
import System
import Testing

@testable import Supervision

@Suite("A changed configuration is applied with as little restarting as it needs")
struct ReloadPlanTests {
    @Test func nothingChangedIsNothingDone() {
        let plan = ReloadPlan(from: Configuration(), to: Configuration())
        #expect(plan.changes.isEmpty && plan.restarts.isEmpty)
        #expect(plan.lines == ["nothing has changed"])
    }

    @Test func eachChangeSaysWhatItMeans() {
        var new = Configuration()
        new.log.level = .debug
        new.supervisor.silentMax = .seconds(9)
        new.trainer.weights.cartAdd = 2.5
        new.features.workers = 3
        new.ingest.listen = ""
        let plan = ReloadPlan(from: Configuration(), to: new)
        #expect(
            plan.lines == [
                "ingest.listen: \"tcp://127.0.0.1:7410\" → \"\": restarts ingest, one process at a "
                    + "time",
                "features.workers: 1 → 3: features processes are added or retired",
                "trainer.weights.cartAdd: 4 → 2.5: restarts trainer, scoring, one process at a "
                    + "time",
                "supervisor.silentMax: \"5 s\" → \"9 s\": holds at once",
                "log.level: \"info\" → \"debug\": holds at once",
            ])
        #expect(plan.restarts == [.ingest, .trainer, .scoring])
    }

    @Test func everyKeyHasAnEffect() {
        for (key, _) in Configuration().keys {
            #expect(ReloadPlan.effect(of: key) != .whole, "\(key) needs an entry in ReloadPlan")
        }
        #expect(ReloadPlan.effect(of: "ingestion.x") == .whole, "only whole words count")
    }
}
