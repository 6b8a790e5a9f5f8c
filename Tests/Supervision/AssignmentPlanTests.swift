import Messages
import Storage
import Testing

@testable import Supervision

@Suite("Partitions have one owner at a time, whatever happens to workers and messages")
struct AssignmentPlanTests {
    /// A cluster of workers that has come to rest.
    private func world(_ workers: Int, seed: UInt64 = 1) -> AssignmentWorld {
        var world = AssignmentWorld(seed: seed)
        for index in 0..<workers { world.obey(world.plan.join(index, at: world.now)) }
        for index in 0..<workers { world.start(index) }
        world.settle()
        return world
    }

    private func loads(_ world: AssignmentWorld) -> [Int] {
        world.workers.keys.sorted().map { world.workers[$0]?.holds.count ?? 0 }
    }

    @Test("workers that start together share from the beginning: nothing moves")
    func start() {
        let world = world(3)
        #expect(loads(world) == [4, 4, 4])
        #expect(world.plan.isWhole && world.plan.isBalanced(at: world.now))
        #expect(world.plan.pauses.moves == 0 && world.stored.allSatisfy { $0 == 1 })
    }

    @Test("scaling up and down moves no more than it must, a few at a time")
    func scaling() {
        var world = world(1)
        for index in 1...3 { world.start(index) }
        #expect(world.plan.movingCount == 3, "not more than movesMax at a time")
        #expect(world.plan.isWhole, "moving on purpose is no damage")
        world.settle()
        #expect(loads(world) == [3, 3, 3, 3])
        #expect(world.plan.pauses.moves == 9)
        for index in [2, 3] { world.obey(world.plan.leave(index, at: world.now)) }
        #expect(!world.plan.isClear(3))
        world.settle()
        #expect(loads(world) == [6, 6, 0, 0] && world.plan.isClear(2) && world.plan.isClear(3))
        #expect(world.plan.pauses.moves == 15)
        #expect(world.plan.takeovers == 0)
    }

    @Test("a partition is given to the next only after the last said that it let go")
    func releaseFirst() {
        var world = world(1)
        world.start(1)
        let moving = world.plan.assignment.workers.indices.filter {
            world.plan.assignment.workers[$0] == 0
        }
        #expect(moving.count == 3)
        world.pass(.seconds(1))
        #expect(world.plan.assignment.worker(of: moving[0]) == nil, "still waited for")
        world.say(0)
        world.hear(0)
        #expect(world.plan.assignment.worker(of: moving[0]) == nil, "said before it was told")
        while world.workers[0]?.inbox.isEmpty == false { world.work(0) }
        while world.workers[0]?.outbox.isEmpty == false { world.hear(0) }
        #expect(world.plan.assignment.worker(of: moving[0]) == 1)
        #expect(world.plan.assignment.epoch(of: moving[0]) == 2)
    }

    @Test("a worker that dies is waited for a little, then others have its partitions")
    func death() {
        var world = world(2)
        world.kill(1)
        #expect(!world.plan.isWhole)
        world.pass(.milliseconds(400))
        #expect(world.plan.assignment.partitions(of: 0).count == 6)
        world.start(1)
        world.settle()
        #expect(loads(world) == [6, 6] && world.plan.pauses.moves == 0, "back in time")
        world.kill(1)
        world.pass(.milliseconds(600))
        #expect(world.plan.assignment.partitions(of: 0).count == 12)
        world.settle()
        #expect(world.plan.isWhole)
    }

    @Test("a silent worker is overtaken; what it does later is refused; awake it joins again")
    func silence() {
        var world = world(2)
        world.workers[1]?.isFrozen = true
        for _ in 0..<40 { world.pass(.milliseconds(100)) }
        #expect(world.plan.assignment.partitions(of: 0).count == 12)
        while world.workers[0]?.inbox.isEmpty == false { world.work(0) }
        for partition in 0..<12 { #expect(world.committers(partition) == [0]) }
        world.settle()
        #expect(loads(world) == [6, 6] && world.complaints.isEmpty)
    }

    @Test("a frozen supervisor blames itself: nobody is overtaken")
    func frozenSupervisor() {
        var world = world(2)
        world.now += .seconds(60)
        world.obey(world.plan.tick(at: world.now))
        #expect(world.plan.takeovers == 0 && world.plan.isBalanced(at: world.now))
    }

    @Test("a store that knows a later epoch gets a lease above it")
    func lostLeases() {
        var world = AssignmentWorld(seed: 1)
        world.stored[5] = 77
        world.start(0)
        world.settle()
        #expect(world.plan.isWhole && world.workers[0]?.holds[5] == 78)
    }

    @Test("leases that cannot be written are wished for again")
    func noLeases() {
        var world = AssignmentWorld(seed: 1)
        world.grantsFail = true
        world.start(0)
        world.pass(.milliseconds(50))
        #expect(world.plan.assignment.partitions(of: 0).isEmpty)
        world.settle()
        #expect(world.plan.isWhole)
    }

    @Test(
        "any order of messages, deaths and scalings: one owner per epoch, all owned in the end",
        arguments: 0..<60 as Range<UInt64>)
    func storms(seed: UInt64) {
        var world = AssignmentWorld(seed: seed &* 7919)
        world.start(0)
        var wanted: Set<Int> = [0]
        for _ in 0..<400 {
            let index = world.below(4)
            switch world.below(100) {
            case 0..<35: world.work(index)
            case 35..<40: world.commit(index)
            case 40..<75: world.hear(index)
            case 75..<80: world.kill(index)
            case 80..<86 where wanted.contains(index):
                if world.workers[index] == nil { world.start(index) }
            case 86..<88: world.workers[index]?.isFrozen.toggle()
            case 88..<91:
                wanted.insert(index)
                world.start(index)
            case 91..<93 where wanted.count > 1 && wanted.contains(index):
                wanted.remove(index)
                world.obey(world.plan.leave(index, at: world.now))
            case 93: world.stored[world.below(12)] += UInt64(world.below(3))
            case 94: world.grantsFail.toggle()
            default: world.pass(.milliseconds(world.below(900)))
            }
            let torn = (0..<AssignmentWorld.partitions).filter {
                world.committers($0).count > 1
            }
            if !torn.isEmpty { Issue.record("two could commit \(torn), seed \(seed)") }
        }
        for index in wanted where world.workers[index] == nil { world.start(index) }
        world.settle()
        #expect(world.complaints.isEmpty, "seed \(seed)")
        #expect(world.plan.isWhole && world.plan.isBalanced(at: world.now), "seed \(seed)")
        for partition in 0..<AssignmentWorld.partitions {
            #expect(world.committers(partition).count == 1, "seed \(seed)")
        }
        let loads = wanted.map { world.workers[$0]?.holds.count ?? 0 }
        #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 1, "seed \(seed)")
        for (index, worker) in world.workers where !wanted.contains(index) {
            #expect(worker.holds.isEmpty && world.plan.isClear(index), "seed \(seed)")
        }
    }
}
