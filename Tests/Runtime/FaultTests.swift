import Messages
import Testing

@testable import Runtime

@Suite("Deliberate faults")
struct FaultTests {
    @Test("Names with and without a value are read; unknown ones are left out")
    func parsing() {
        let found = Fault.parse("skipDedupe,poison=e=7,,nonsense,dropEvent=100")
        #expect(found == [.skipDedupe: "", .poison: "e=7", .dropEvent: "100"])
        #expect(Fault.parse("").isEmpty)
    }

    @Test("Without LIMN_FAULT every fault is off")
    func offByDefault() {
        #expect(Fault.summary.isEmpty)
        var block = Block()
        block.records = [1, 0]
        #expect(Fault.spoiled(block) == block)
    }
}
