import Glibc
import Messages
import Randomness

extension ShopSimulation {
    /// Plans one session: search, views, cart, purchase, and what follows from it later.
    mutating func visit(_ user: Int, _ startMs: Int64) {
        let slot = newPlan(user)
        var timeMs = startMs
        population.customers[user].cool(until: timeMs)
        let taste = population.customers[user].taste
        plans[slot].channel = Swift.min(random.index(below: 5), random.index(below: 5))
        plans[slot].isAnonymous = random.chance(parameters.anonymousShare)
        if plans[slot].isAnonymous {
            browse(slot, leaf(taste: taste, at: timeMs), taste, &timeMs)
            population.customers[user].busyUntilMs = timeMs
            return enqueue(slot)
        }
        arrive(slot, &timeMs)
        var basket: [Int32] = []
        resumeInterests(slot, &timeMs, &basket)
        let focus = leaf(taste: taste, at: timeMs)
        if random.chance(0.45) {
            add(slot, .search, &timeMs, leaf: focus)
        }
        let views = 1 + Int(random.exponential() * 2.4)
        for _ in 0..<Swift.min(views, 14) {
            let leafNow = random.chance(0.75) ? focus : leaf(taste: taste, at: timeMs)
            look(slot, choose(user, leafNow, timeMs), &timeMs, &basket)
        }
        checkOut(slot, &timeMs, basket)
        population.customers[user].busyUntilMs = timeMs
        let heat = population.customers[user].heat
        if random.chance(0.75 * heat) {
            invite(user, at: timeMs + Int64((2 + random.exponential() * 26) * 3_600_000))
        }
        enqueue(slot)
    }

    private mutating func arrive(_ slot: Int, _ timeMs: inout Int64) {
        let user = plans[slot].user
        if !population.customers[user].hasSignedUp {
            population.customers[user].hasSignedUp = true
            add(slot, .signUp, &timeMs)
        } else if random.chance(0.15) {
            add(slot, .login, &timeMs)
        }
        if random.chance(0.02 + 0.04 * population.customers[user].priceSensitivity) {
            add(slot, .couponReceived, &timeMs)
        }
    }

    /// Comes back to what was left in the cart, goes with a purchase, is used up, or was seen.
    private mutating func resumeInterests(
        _ slot: Int, _ timeMs: inout Int64, _ basket: inout [Int32]
    ) {
        let user = plans[slot].user
        let customer = population.customers[user]
        if customer.cart >= 0, random.chance(0.75) {
            add(slot, .view, &timeMs, product: Int(customer.cart))
            if random.chance(0.55) {
                basket.append(customer.cart)
            } else if random.chance(0.4) {
                add(slot, .cartRemove, &timeMs, product: Int(customer.cart))
                population.customers[user].cart = -1
            }
        }
        if customer.complement >= 0 {
            population.customers[user].complement = -1
            if random.chance(0.6) {
                look(slot, Int(customer.complement), &timeMs, &basket, extra: 2.2)
            }
        }
        if customer.refill >= 0, customer.refillMs <= timeMs {
            population.customers[user].refill = -1
            population.customers[user].refillMs = .max
            look(slot, Int(customer.refill), &timeMs, &basket, extra: 3.0)
        }
        let last = customer.interests.2
        if last.product >= 0, last.product != customer.cart, random.chance(customer.heat) {
            look(slot, Int(last.product), &timeMs, &basket)
        }
    }

    /// Of two candidates, price-sensitive users rather take the cheaper one.
    private mutating func choose(_ user: Int, _ leaf: Int, _ timeMs: Int64) -> Int {
        let customer = population.customers[user]
        let first = catalogue.draw(taste: customer.taste, leaf: leaf, at: timeMs, &random)
        guard random.chance(0.5) else { return first }
        let second = catalogue.draw(taste: customer.taste, leaf: leaf, at: timeMs, &random)
        let isCheaper = catalogue.products[second].price < catalogue.products[first].price
        return random.chance(customer.priceSensitivity) == isCheaper ? second : first
    }

    /// One product page, and perhaps the cart. The more it meets the taste and the more often it
    /// was seen, the sooner it is wanted.
    private mutating func look(
        _ slot: Int, _ product: Int, _ timeMs: inout Int64, _ basket: inout [Int32],
        extra: Double = 0
    ) {
        let user = plans[slot].user
        let match = catalogue.match(taste: population.customers[user].taste, product: product)
        let seen = Double(Swift.min(population.customers[user].remember(product), 4))
        if random.chance(0.22) { add(slot, .click, &timeMs, product: product) }
        add(slot, .view, &timeMs, product: product)
        if random.chance(0.4) {
            let seconds = exp(2.3 + 1.1 * match + 0.6 * random.normalOfTwoDraws())
            timeMs += Int64(seconds * 1000)
            add(slot, .dwell, &timeMs, product: product, value: seconds.rounded())
        }
        let heat = population.customers[user].heat
        if random.chance(0.02 + 0.05 * match) {
            add(slot, .favourite, &timeMs, product: product)
        } else if random.chance(0.004) {
            add(slot, random.chance(0.7) ? .share : .hide, &timeMs, product: product)
        }
        population.customers[user].heat = Swift.min(1, heat + 0.03 + 0.05 * match)
        let wish = -4.0 + 1.5 * match + 0.7 * seen + 1.2 * heat + extra
        guard random.chance(1 / (1 + exp(-wish))), !basket.contains(Int32(product)) else {
            return
        }
        add(slot, .cartAdd, &timeMs, product: product, quantity: 1)
        population.customers[user].heat = Swift.min(1, heat + 0.4)
        basket.append(Int32(product))
    }

    /// Orders the basket, or leaves its last product for another day.
    private mutating func checkOut(_ slot: Int, _ timeMs: inout Int64, _ wanted: [Int32]) {
        guard let last = wanted.last else { return }
        let user = plans[slot].user
        var basket = wanted
        let pairs = catalogue.complements[Int(last)]
        if let pair = pairs.first, random.chance(0.22),
            catalogue.products[pair].releasedMs <= timeMs, !basket.contains(Int32(pair))
        {
            add(slot, .view, &timeMs, product: pair)
            add(slot, .cartAdd, &timeMs, product: pair, quantity: 1)
            basket.append(Int32(pair))
        }
        guard random.chance(0.35 + 0.4 * population.customers[user].heat) else {
            population.customers[user].cart = last
            return
        }
        let card = Int32(user * 2 + (random.chance(0.15) ? 1 : 0))
        if random.chance(0.08 + 0.22 * population.customers[user].priceSensitivity) {
            add(slot, .couponUsed, &timeMs)
        }
        let total = basket.reduce(0) { $0 + catalogue.products[Int($1)].price }
        add(slot, .order, &timeMs, value: total, card: card)
        for product in basket {
            buy(slot, Int(product), card, &timeMs)
        }
        population.customers[user].heat = 0.15
    }

    private mutating func buy(
        _ slot: Int, _ product: Int, _ card: Int32, _ timeMs: inout Int64
    ) {
        let user = plans[slot].user
        let item = catalogue.products[product]
        let isConsumable = Assortment.leaves[item.leaf].isConsumable
        let pieces = isConsumable ? UInt32(1 + random.index(below: 3)) : 1
        add(slot, .purchase, &timeMs, product: product, quantity: pieces, card: card)
        population.customers[user].forget(product)
        if isConsumable {
            population.customers[user].refill = Int32(product)
            population.customers[user].refillMs =
                timeMs + Int64((12 + 10 * random.uniform()) * 86_400_000)
        }
        let pairs = catalogue.complements[product]
        if !pairs.isEmpty, random.chance(0.5) {
            let pair = pairs[random.index(below: pairs.count)]
            if catalogue.products[pair].releasedMs <= timeMs {
                population.customers[user].complement = Int32(pair)
                if random.chance(0.5) {
                    invite(user, at: timeMs + Int64((0.5 + 3 * random.uniform()) * 86_400_000))
                }
            }
        }
        followUp(slot, product, timeMs)
    }

    /// Days later: a rating that tells how well the product met the taste, or a refund.
    private mutating func followUp(_ slot: Int, _ product: Int, _ timeMs: Int64) {
        let user = plans[slot].user
        let match = catalogue.match(taste: population.customers[user].taste, product: product)
        var later = timeMs + Int64((1 + 9 * random.uniform()) * 86_400_000)
        if random.chance(0.22) {
            let stars = Swift.min(
                Swift.max((2.6 + 2.4 * match + 0.8 * random.normalOfTwoDraws()).rounded(), 1), 5)
            let plan = newPlan(user)
            add(plan, .rating, &later, product: product, value: stars)
            enqueue(plan)
        } else if random.chance(0.06 - 0.04 * match) {
            let plan = newPlan(user)
            add(plan, .refund, &later, product: product, quantity: 1)
            enqueue(plan)
        }
    }

    /// Looks around without an account: views only.
    private mutating func browse(
        _ slot: Int, _ leaf: Int, _ taste: Int, _ timeMs: inout Int64
    ) {
        for _ in 0..<(1 + random.index(below: 4)) {
            let product = catalogue.draw(taste: taste, leaf: leaf, at: timeMs, &random)
            add(slot, .view, &timeMs, product: product)
        }
    }

    /// Appends an event to a plan and lets some seconds pass.
    mutating func add(
        _ slot: Int, _ type: EventType, _ timeMs: inout Int64, product: Int = -1,
        quantity: UInt32 = 0, value: Double = 0, leaf: Int = -1, device: Int32 = -1,
        card: Int32 = -1
    ) {
        plans[slot].events.append(
            PlannedEvent(
                type: type, timeMs: timeMs, product: Int32(product), quantity: quantity,
                value: value, leaf: Int32(leaf), device: device, card: card))
        timeMs += 1_000 + Int64(random.exponential() * 24_000)
    }
}
