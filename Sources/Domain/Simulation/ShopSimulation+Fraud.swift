import Messages
import Randomness

extension ShopSimulation {
    /// Gives every fraudster a first night.
    mutating func inviteFraudsters() {
        for user in population.customers.indices where population.customers[user].isFraudster {
            let firstDay = Int64(random.index(below: Swift.max(parameters.days * 2 / 3, 1)))
            inviteTonight(user, day: parameters.startMs / 86_400_000 + firstDay)
        }
    }

    private mutating func inviteTonight(_ user: Int, day: Int64) {
        let night = day * 86_400_000 + Int64((1 + 3 * random.uniform()) * 3_600_000)
        invite(user, at: Swift.max(night, parameters.startMs))
    }

    /// A fraudster's night: dear things in quick succession, other devices and cards each time,
    /// every coupon used, money back soon after.
    mutating func raid(_ user: Int, _ startMs: Int64) {
        let slot = newPlan(user)
        var timeMs = startMs
        population.customers[user].hasSignedUp = true
        for _ in 0..<(3 + random.index(below: 5)) {
            let product = dearProduct(timeMs)
            let device = Int32(random.index(below: Assortment.devices.count))
            let card = Int32(2 * population.customers.count + random.index(below: 1_000_000))
            add(slot, .view, &timeMs, product: product, device: device)
            add(slot, .cartAdd, &timeMs, product: product, quantity: 1, device: device)
            if random.chance(0.6) { add(slot, .couponUsed, &timeMs, device: device) }
            add(
                slot, .order, &timeMs, value: catalogue.products[product].price,
                device: device, card: card)
            add(
                slot, .purchase, &timeMs, product: product, quantity: 1, device: device,
                card: card)
            if random.chance(0.35) {
                var later = timeMs + Int64((1 + 2 * random.uniform()) * 86_400_000)
                let plan = newPlan(user)
                add(plan, .refund, &later, product: product, quantity: 1, card: card)
                enqueue(plan)
            }
        }
        enqueue(slot)
        inviteTonight(user, day: startMs / 86_400_000 + Int64(1 + random.index(below: 9)))
    }

    private mutating func dearProduct(_ timeMs: Int64) -> Int {
        var best = 0
        var price = 0.0
        for _ in 0..<8 {
            let product = random.index(below: catalogue.products.count)
            let item = catalogue.products[product]
            if item.price > price && item.releasedMs <= timeMs {
                best = product
                price = item.price
            }
        }
        return best
    }
}
