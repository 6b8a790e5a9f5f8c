import Glibc
import Messages
import Randomness

/// What the simulation remembers of one user: fixed character, and a bounded memory that moves.
struct Customer: Sendable {
    struct Interest: Sendable {
        var product: Int32 = -1
        var views: Int32 = 0
    }

    // Character.
    var taste: Int
    var priceSensitivity: Double
    var isFraudster: Bool
    var device: Int
    var region: Int
    var joinsMs: Int64
    var leavesMs: Int64

    // Memory.
    var hasSignedUp = false
    var busyUntilMs: Int64 = .min
    var seenMs: Int64 = .min
    /// How much the user is about to buy, 0 to 1; fades over days.
    var heat = 0.0
    /// Products looked at lately, newest last.
    var interests: (Interest, Interest, Interest) = (Interest(), Interest(), Interest())
    /// Left in the cart last time.
    var cart: Int32 = -1
    /// What goes with the last purchase.
    var complement: Int32 = -1
    /// A used-up product and when it is missed.
    var refill: Int32 = -1
    var refillMs: Int64 = .max

    /// Counts a view; returns how often this product was seen lately before.
    mutating func remember(_ product: Int) -> Int {
        let wanted = Int32(product)
        var known = Interest(product: wanted, views: 0)
        if interests.2.product == wanted {
            known = interests.2
        } else if interests.1.product == wanted {
            known = interests.1
            interests.1 = interests.2
        } else {
            if interests.0.product == wanted { known = interests.0 }
            interests.0 = interests.1
            interests.1 = interests.2
        }
        let before = Int(known.views)
        known.views += 1
        interests.2 = known
        return before
    }

    mutating func forget(_ product: Int) {
        let gone = Int32(product)
        if interests.0.product == gone { interests.0 = Interest() }
        if interests.1.product == gone { interests.1 = Interest() }
        if interests.2.product == gone { interests.2 = Interest() }
        if cart == gone { cart = -1 }
    }

    mutating func cool(until timeMs: Int64) {
        if seenMs > .min { heat *= exp(-Double(timeMs - seenMs) / (4 * 86_400_000)) }
        seenMs = timeMs
    }
}

/// The users of a simulated shop: tastes, demographics that lean on them, and how often they come.
struct ShopPopulation: Sendable {
    var customers: [Customer] = []
    private(set) var users: [User] = []
    private(set) var activity: AliasTable

    init(_ parameters: ShopParameters, _ random: inout SeededRandom) {
        let span = Double(parameters.endMs - parameters.startMs)
        var weights: [Double] = []
        for number in 0..<parameters.users {
            let isNew = random.chance(parameters.newUserShare)
            let joins =
                isNew ? parameters.startMs + Int64(random.uniform() * 0.8 * span) : Int64.min
            let leaves =
                random.chance(0.12)
                ? parameters.startMs + Int64((0.3 + 0.7 * random.uniform()) * span) : Int64.max
            let customer = Customer(
                taste: random.index(below: parameters.tastes), priceSensitivity: random.uniform(),
                isFraudster: random.chance(parameters.fraudsterShare),
                device: random.index(below: Assortment.devices.count),
                region: random.index(below: Assortment.regions.count), joinsMs: joins,
                leavesMs: leaves, hasSignedUp: !isNew)
            weights.append(customer.isFraudster ? 0.05 : exp(0.8 * random.normalOfTwoDraws()))
            users.append(
                Self.describe(customer, number, max(joins, parameters.startMs), &random))
            customers.append(customer)
        }
        activity = AliasTable(weights)
    }

    private static func describe(
        _ customer: Customer, _ number: Int, _ timeMs: Int64, _ random: inout SeededRandom
    ) -> User {
        var user = User()
        user.userID = "u\(number + 1)"
        user.gender = random.chance(0.25 + 0.07 * Double(customer.taste % 8)) ? "female" : "male"
        let age = 26 + 5 * Double(customer.taste % 8) + 8 * random.normalOfTwoDraws()
        user.age = UInt32(min(max(age, 18), 85))
        user.occupation =
            age > 66 ? "retired" : Assortment.occupations[random.index(below: 5)]
        user.education = Assortment.educations[random.index(below: Assortment.educations.count)]
        let rank = (1 - customer.priceSensitivity) * 2.2 + 0.6 * random.normalOfTwoDraws()
        user.income = Assortment.incomes[min(max(Int(rank), 0), 2)]
        user.region = Assortment.regions[customer.region]
        user.timeMs = timeMs
        return user
    }
}
