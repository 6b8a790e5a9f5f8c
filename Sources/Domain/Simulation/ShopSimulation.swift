package import Messages
import Randomness

/// A shop that never was: items, users with hidden tastes, and what they do, in time order.
///
/// The same seed and parameters give the same events to the byte. Memory is bounded by users,
/// items and the sessions that are open at one moment, not by the number of events.
package struct ShopSimulation: Sequence, IteratorProtocol, Sendable {
    package let parameters: ShopParameters
    let catalogue: ShopCatalogue
    var population: ShopPopulation
    var random: SeededRandom
    var queue = AppointmentQueue()
    var plans: [SessionPlan] = []
    var freePlans: [Int] = []
    var appointments: UInt64 = 0
    var sessions = 0
    /// When the next spontaneous session starts.
    private var arrivalMs: Int64
    private var emitted = 0
    /// Daily choice of leaves per taste, renewed when the day changes.
    private var leafChoices: [AliasTable] = []
    private var leafChoicesDay: Int64 = .min

    package init(seed: UInt64, parameters: ShopParameters = ShopParameters()) {
        precondition(parameters.users > 0 && parameters.items > 0 && parameters.days > 0)
        self.parameters = parameters
        random = SeededRandom(seed: seed)
        catalogue = ShopCatalogue(parameters, &random)
        population = ShopPopulation(parameters, &random)
        arrivalMs = parameters.startMs
        inviteFraudsters()
        arrivalMs = nextArrival(after: parameters.startMs)
    }

    /// Every item of the shop; `timeMs` is when it enters.
    package func items() -> [Item] { catalogue.items }

    /// Every user with demographics; `timeMs` is when the user joins.
    package func users() -> [User] { population.users }

    /// What was planted.
    package var truth: ShopTruth {
        ShopTruth(
            tasteOfUser: population.customers.map(\.taste),
            fraudsters: Set(
                population.customers.indices.filter { population.customers[$0].isFraudster }),
            complementsOfItem: catalogue.complements,
            favouriteCategories: catalogue.tasteLeafWeights.map { weights in
                let mean = 1 / Double(weights.count)
                return weights.indices.filter { weights[$0] > 2 * mean }
                    .map { Assortment.leaves[$0].path }
            },
            favouriteBrands: catalogue.tasteBrands.map { brands in
                Set(brands.enumerated().map { Assortment.roots[$0].brands[$1] })
            })
    }

    /// The next event in time order; nil after `parameters.events`.
    package mutating func next() -> Event? {
        guard emitted < parameters.events else { return nil }
        while true {
            if let due = queue.first, due.timeMs <= arrivalMs {
                if due.target >= 0 {
                    emitted += 1
                    return emit(due)
                }
                queue.removeFirst()
                let user = ~due.target
                if population.customers[user].isFraudster {
                    raid(user, due.timeMs)
                } else if population.customers[user].busyUntilMs < due.timeMs {
                    visit(user, due.timeMs)
                }
            } else {
                let timeMs = arrivalMs
                if let user = visitor(timeMs) { visit(user, timeMs) }
                arrivalMs = nextArrival(after: timeMs)
            }
        }
    }

    /// Hands out the next event of a plan and queues the one after it.
    private mutating func emit(_ due: Appointment) -> Event {
        let slot = due.target
        let at = plans[slot].at
        let event = spell(plans[slot].events[at], slot)
        plans[slot].at = at + 1
        if at + 1 < plans[slot].events.count {
            queue.replaceFirst(
                Appointment(
                    timeMs: plans[slot].events[at + 1].timeMs, order: ticket(), target: slot))
        } else {
            queue.removeFirst()
            freePlans.append(slot)
        }
        return event
    }

    /// Traffic follows hour and weekday; its level follows how many events are still owed.
    private mutating func nextArrival(after timeMs: Int64) -> Int64 {
        let owed = Double(Swift.max(parameters.events - emitted, 1))
        let left = Double(Swift.max(parameters.endMs - timeMs, 60_000))
        let perSession = sessions < 100 ? 7 : Double(emitted + 400) / Double(sessions)
        let gapMs = left * Swift.max(perSession, 1) / owed / ShopSeasons.trafficMax
        var at = Double(timeMs)
        for _ in 0..<1000 {
            at += random.exponential() * gapMs
            let accept = ShopSeasons.traffic(Int64(at)) / ShopSeasons.trafficMax
            if random.chance(accept) { break }
        }
        return Int64(at)
    }

    private mutating func visitor(_ timeMs: Int64) -> Int? {
        for _ in 0..<12 {
            let user = population.activity.draw(&random)
            let customer = population.customers[user]
            if customer.joinsMs <= timeMs && timeMs < customer.leavesMs
                && customer.busyUntilMs < timeMs && !customer.isFraudster
            {
                return user
            }
        }
        return nil
    }

    /// A leaf that a taste asks for at this time of the year.
    mutating func leaf(taste: Int, at timeMs: Int64) -> Int {
        let day = timeMs / 86_400_000
        if day != leafChoicesDay {
            leafChoicesDay = day
            let demand = Assortment.leaves.map { ShopSeasons.demand($0, timeMs) }
            leafChoices = catalogue.tasteLeafWeights.map { weights in
                AliasTable(
                    weights.indices.map {
                        catalogue.members[$0].isEmpty ? 0 : weights[$0] * demand[$0]
                    })
            }
        }
        return leafChoices[taste].draw(&random)
    }

    mutating func ticket() -> UInt64 {
        appointments += 1
        return appointments
    }

    /// An empty plan for a new session; reuses one that has ended.
    mutating func newPlan(_ user: Int) -> Int {
        let slot: Int
        if let free = freePlans.popLast() {
            slot = free
        } else {
            slot = plans.count
            plans.append(SessionPlan())
        }
        sessions += 1
        plans[slot].reset(user: user, number: sessions)
        return slot
    }

    mutating func enqueue(_ slot: Int) {
        guard let first = plans[slot].events.first else {
            freePlans.append(slot)
            return
        }
        queue.push(Appointment(timeMs: first.timeMs, order: ticket(), target: slot))
    }

    /// Lets a user come back later.
    mutating func invite(_ user: Int, at timeMs: Int64) {
        queue.push(Appointment(timeMs: timeMs, order: ticket(), target: ~user))
    }
}
