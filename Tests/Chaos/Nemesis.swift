import Messages
import Randomness
import System
import TestSupport

/// Draws faults by seed, injects them, undoes them when their time is over, and asks now and then
/// for the cluster to be whole.
struct Nemesis {
    private struct Active {
        let fault: ChaosFault
        let injection: Injection
        let until: Duration
    }

    /// The cluster must be whole again after this long; the promise is shorter, the machine shared.
    static let healMax: Duration = .seconds(30)

    let world: World
    private var dice: SplitMix64
    private var active: [Active] = []
    private var faults: [ChaosFault] = []
    private(set) var tally = Tally()
    private(set) var verdict = Verdict()
    /// The newest fault and since when the cluster may not be whole.
    private var wound: (name: String, gone: Int32, since: Duration)?

    init(_ world: World) {
        self.world = world
        dice = SplitMix64(seed: world.settings.seed)
        let wanted = world.settings.faults
        for fault in ChaosFault.all {
            guard wanted.isEmpty || wanted.contains(where: { fault.name.hasPrefix($0) }) else {
                continue
            }
            if let why = fault.obstacle(world) {
                tally.skip(fault.name, why)
            } else {
                faults.append(fault)
            }
        }
        if wanted.isEmpty { for (name, why) in ChaosFault.never { tally.skip(name, why) } }
    }

    /// Injects for the time of the settings, then undoes everything and waits until all is well.
    mutating func run() {
        let end = Clock.monotonic() + .seconds(world.settings.seconds)
        while Clock.monotonic() < end {
            healDue()
            if wound != nil && active.isEmpty && dice.below(2) == 0 { waitWhole() }
            if dice.below(100) >= world.settings.idlePercent, let fault = draw() { inject(fault) }
            Clock.pause(.milliseconds(50))
        }
        calm()
    }

    // What was injected least comes next most likely, so that a short run sees every kind.
    private mutating func draw() -> ChaosFault? {
        guard !faults.isEmpty else { return nil }
        let counts = faults.map { tally.injected[$0.name] ?? 0 }
        let least = counts.min() ?? 0
        let weights = zip(faults, counts).map { fault, count in
            fault.weight * (count == least ? 8 : count < least + 2 ? 2 : 1)
        }
        var place = dice.below(weights.reduce(0, +))
        for (fault, weight) in zip(faults, weights) {
            if place < weight { return isFree(fault) ? fault : nil }
            place -= weight
        }
        return nil
    }

    private func isFree(_ fault: ChaosFault) -> Bool {
        if fault.needsIngest && !active.isEmpty { return false }
        let isApart = { (other: ChaosFault) in
            // Healing one would wait for the other, which the same thread is to heal.
            other.name != fault.name && !(other.takesRoom && fault.needsRoom)
                && !(fault.takesRoom && other.needsRoom)
        }
        return active.count < 2 && active.allSatisfy { isApart($0.fault) }
    }

    mutating func inject(_ fault: ChaosFault) {
        if fault.needsCalm { calm() }
        if fault.spoilsScoring { world.traffic.expectScoring(false) }
        let started = Clock.monotonic()
        do {
            let injection = try fault.inject(world, &dice)
            guard !injection.what.isEmpty else { return }
            tally.count(fault.name)
            world.history.write(
                "fault",
                ["name": History.text(fault.name), "what": History.text(injection.what)])
            wound = (fault.name, injection.gone, started)
            active.append(
                Active(fault: fault, injection: injection, until: started + injection.lasts))
            healDue()
            if fault.needsCalm { waitWhole() }
        } catch {
            verdict.broken("\(fault.name): \(error)")
            wound = (fault.name, -1, started)
        }
    }

    private mutating func healDue(all: Bool = false) {
        let now = Clock.monotonic()
        for entry in active where all || entry.until <= now { heal(entry) }
        active.removeAll { all || $0.until <= now }
    }

    private mutating func heal(_ entry: Active) {
        do {
            try entry.injection.heal()
        } catch {
            verdict.broken("healing \(entry.fault.name): \(error)")
        }
        if entry.injection.lasts > .zero {
            world.history.write("heal", ["name": History.text(entry.fault.name)])
            // Healing counts from the end of what lasts.
            wound = (entry.fault.name, entry.injection.gone, Clock.monotonic())
        }
    }

    /// Undoes everything and waits until the cluster is whole.
    mutating func calm() {
        healDue(all: true)
        waitWhole()
    }

    private mutating func waitWhole() {
        let wound = wound ?? ("start", -1, Clock.monotonic())
        do {
            try world.pulse.waitWhole(gone: wound.gone, within: Self.healMax)
            let took = Clock.monotonic() - wound.since
            if self.wound != nil { tally.healed(wound.name, took) }
            world.history.write(
                "whole", ["after": History.text(wound.name), "ms": "\(took.milliseconds)"])
            if active.allSatisfy({ !$0.fault.spoilsScoring }) { world.traffic.expectScoring(true) }
        } catch {
            verdict.stuck("I6", "not whole \(Self.healMax) after \(wound.name): \(error)")
        }
        self.wound = nil
    }
}
