import Messages
import Testing

@testable import Ingest

@Suite("Back-pressure: who may come in")
struct AdmissionTests {
    static let limits = Admission.Limits(spoolBytesMax: 4_000_000, diskFreeMin: 1000)

    /// Producers, workers that apply so many bytes per ms, and an admission between them.
    struct World {
        var admission = Admission(limits: AdmissionTests.limits)
        var spool = 0
        var now: Int64 = 0
        var taken: [String: Int] = [:]
        var refused: [String: [Admission.Refused]] = [:]
        var spoolMost = 0
        /// When each producer may come again.
        private var notBefore: [String: Int64] = [:]

        mutating func offer(_ producer: String, _ bytes: Int, key: String? = nil) {
            guard now >= notBefore[producer] ?? 0 else { return }
            let refused = admission.admit(
                producer, of: key ?? producer, bytes: bytes, atMs: now)
            if let refused {
                self.refused[producer, default: []].append(refused)
                notBefore[producer] = now + Int64(refused.retryAfterMs)
                return
            }
            taken[producer, default: 0] += bytes
            spool += bytes
            spoolMost = max(spoolMost, spool)
            admission.endGroup(appendedBytes: bytes)
        }

        mutating func pass(_ ms: Int64, drainPerMs: Int, diskFree: Int = 1 << 30) {
            now += ms
            spool = max(0, spool - drainPerMs * Int(ms))
            admission.tick(spoolBytes: spool, diskFree: diskFree, atMs: now)
        }
    }

    @Test("Below the soft limit everything is taken")
    func below() {
        var world = World()
        for _ in 0..<100 {
            world.offer("flood", 100_000)
            world.pass(100, drainPerMs: 1000)
        }
        #expect(world.refused.isEmpty)
    }

    @Test(
        "With stopped workers one that floods stops at soft, small ones go on to hard, never above")
    func fair() throws {
        var world = World()
        for step in 0..<2000 {
            world.offer("flood", 50_000)
            if step % 4 == 0 { world.offer("small \(step % 3)", 2_000) }
            world.pass(5, drainPerMs: 0)
        }
        #expect(world.spoolMost <= Self.limits.spoolBytesMax)
        #expect(world.taken["flood"] ?? 0 <= Self.limits.softBytes)
        #expect(world.taken["flood"] ?? 0 > Self.limits.softBytes / 2)
        let small = (0..<3).reduce(0) { $0 + (world.taken["small \($1)"] ?? 0) }
        #expect(small >= 800_000, "small ones were refused at \(world.spool)")
        #expect(world.refused["flood"]?.allSatisfy { $0.code == .overloaded } == true)
    }

    @Test("Slow workers, many hungry producers: nobody starves, and all of the drain is used")
    func noStarvation() {
        var world = World()
        let names = (0..<5).map { "p\($0)" }
        for _ in 0..<20_000 {
            for name in names { world.offer(name, 20_000) }
            world.pass(10, drainPerMs: 1000)
        }
        let taken = names.map { world.taken[$0] ?? 0 }
        let total = taken.reduce(0, +)
        #expect(total > 190_000_000, "\(total) of 200,000,000 were drained")
        #expect(taken.allSatisfy { $0 > total / 15 }, "\(taken)")
        #expect(world.spoolMost <= Self.limits.spoolBytesMax)
    }

    @Test("Resumes by itself once the workers run, within the time it named")
    func resumes() throws {
        var world = World()
        while world.refused.isEmpty {
            world.offer("p", 50_000)
            world.pass(10, drainPerMs: 0)
        }
        for _ in 0..<300 { world.pass(10, drainPerMs: 2000) }
        world.offer("p", 50_000)
        let before = world.taken["p"] ?? 0
        world.offer("p", 50_000)
        #expect(world.taken["p"] ?? 0 > before)
    }

    @Test("Retry-after follows the rate at which the workers make room, within bounds")
    func retryAfter() throws {
        var world = World()
        // 1 MB/s are drained while 10 MB/s come.
        for _ in 0..<4000 {
            world.offer("p", 100_000)
            world.pass(10, drainPerMs: 1000)
        }
        let last = try #require(world.refused["p"]?.last)
        #expect(Admission.retryMsRange.contains(Int64(last.retryAfterMs)))
        #expect(last.retryAfterMs < 1000, "room for the excess is there soon")
        var stopped = World()
        while stopped.refused.isEmpty { stopped.offer("p", 100_000) }
        #expect(stopped.refused["p"]?.first?.retryAfterMs ?? 0 >= 1000)
    }

    @Test("A nearly full disk refuses all, and resumes a little above the limit")
    func disk() {
        var world = World()
        world.pass(100, drainPerMs: 0, diskFree: 999)
        let short = world.admission.admit("p", of: "k", bytes: 1, atMs: world.now)
        #expect(short?.code == .diskFull)
        world.pass(100, drainPerMs: 0, diskFree: 1001)
        #expect(world.admission.isDiskShort, "not yet: it would flutter")
        world.pass(100, drainPerMs: 0, diskFree: 1100)
        let roomy = world.admission.admit("p", of: "k", bytes: 1, atMs: world.now)
        #expect(roomy == nil)
        world.admission.noteFailure("full", isDiskFull: true, atMs: world.now)
        let full = world.admission.admit("p", of: "k", bytes: 1, atMs: world.now + 1)
        #expect(full?.code == .diskFull)
        let again = world.admission.admit("p", of: "k", bytes: 1, atMs: world.now + 500)
        #expect(again == nil)
    }

    @Test("A batch larger than the whole spool gets in when it is empty, so that it cannot hang")
    func huge() {
        var world = World()
        world.offer("p", 5_000_000)
        #expect(world.taken["p"] == 5_000_000)
    }

    @Test("A name per batch takes no more than one name: an honest key keeps all that it sends")
    func nameless() {
        /// What an honest key gets of 1,500 batches, alone or beside a flood of names.
        func honest(beside flood: Bool) -> (taken: Int, most: Int) {
            var world = World()
            for step in 0..<3000 {
                if flood {
                    for part in 0..<10 {
                        world.offer("name \(step) \(part)", 20_000, key: "hostile")
                    }
                }
                if step % 2 == 0 { world.offer("shop", 4_000, key: "honest") }
                world.pass(5, drainPerMs: 2000)
            }
            return (world.taken["shop"] ?? 0, world.spoolMost)
        }
        let alone = honest(beside: false)
        let beside = honest(beside: true)
        #expect(alone.taken == 6_000_000)
        #expect(beside.taken >= alone.taken / 2, "\(beside) of \(alone)")
        #expect(beside.most <= Self.limits.spoolBytesMax)
    }

    @Test("What a refused group took does not count against its key")
    func givenUp() {
        var world = World()
        world.offer("p", 100_000)
        let before = world.admission.usageBytes
        _ = world.admission.admit("q", of: "p", bytes: 500_000, atMs: world.now)
        world.pass(100, drainPerMs: 0)
        world.admission.giveUpGroup()
        #expect(world.admission.pending == 0)
        #expect(world.admission.usageBytes <= before)
        #expect(world.admission.usageBytes > before / 2)
    }

    @Test("Memory is bounded by the number of producers known")
    func many() {
        var world = World()
        for number in 0..<10_000 { world.offer("p\(number)", 300) }
        for _ in 0..<100 { world.pass(100, drainPerMs: 100_000) }
        world.offer("p", 300)
        #expect(world.taken["p"] == 300)
    }

    @Test("It is said when nothing is taken, and why, and not for longer than it is so")
    func refusing() {
        var admission = Admission(limits: Self.limits)
        admission.tick(spoolBytes: 0, diskFree: 1 << 30, atMs: 0)
        #expect(admission.refusing(atMs: 0).isEmpty)
        admission.tick(spoolBytes: 0, diskFree: 10, atMs: 100)
        #expect(admission.refusing(atMs: 100).contains("disk"))
        admission.tick(spoolBytes: 0, diskFree: 1 << 30, atMs: 200)
        #expect(admission.refusing(atMs: 200).isEmpty)
        admission.noteFailure("cannot write", isDiskFull: false, atMs: 300)
        #expect(admission.refusing(atMs: 400) == "cannot write")
        #expect(admission.refusing(atMs: 301 + Admission.failureFreshMs).isEmpty)
        admission.noteWritten()
        #expect(admission.refusing(atMs: 400).isEmpty)
        admission.tick(spoolBytes: Self.limits.spoolBytesMax, diskFree: 1 << 30, atMs: 500)
        #expect(admission.refusing(atMs: 500).contains("spool"))
    }
}
