import Messages

extension ShopSimulation {
    /// Writes a planned event out with all its texts.
    func spell(_ planned: PlannedEvent, _ slot: Int) -> Event {
        let plan = plans[slot]
        let customer = population.customers[plan.user]
        var event = Event()
        event.eventID = "e\(plan.number).\(plan.at)"
        event.userID =
            plan.isAnonymous ? "v\(plan.number)" : population.users[plan.user].userID
        event.type = planned.type
        event.timeMs = planned.timeMs
        event.sessionID = "s\(plan.number)"
        event.channel = Assortment.channels[plan.channel]
        event.device = Assortment.devices[
            planned.device >= 0 ? Int(planned.device) : customer.device]
        event.region = Assortment.regions[customer.region]
        event.quantity = planned.quantity
        event.value = planned.value
        if planned.product >= 0 {
            let item = catalogue.items[Int(planned.product)]
            event.itemID = item.itemID
            event.category = item.category
            event.brand = item.brand
            event.price = item.price
        } else if planned.leaf >= 0 {
            let leaf = Assortment.leaves[Int(planned.leaf)]
            event.text = leaf.noun.lowercased()
            event.category = leaf.path
        }
        if planned.card >= 0 {
            var card = Property()
            card.key = "card"
            card.value = "c\(planned.card)"
            event.properties = [card]
        }
        return event
    }
}
