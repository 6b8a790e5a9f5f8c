/// The kinds of things a simulated shop sells: two levels of categories with habits of their own.
struct Assortment: Sendable {
    struct Leaf: Sendable {
        var path: String
        var noun: String
        /// Median price, in the shop's currency.
        var price: Double
        /// Day of the year with the highest demand; 0 = no season.
        var peakDay: Int
        var isConsumable: Bool
        var root: Int
    }

    static let roots: [(name: String, brands: [String])] = [
        ("electronics", ["Voltara", "Nimbus", "Kestrel", "Orbix", "Lumen", "Hikari"]),
        ("fashion", ["Aveline", "Northbay", "Sorrel", "Marlowe", "Tessuto", "Linden"]),
        ("home", ["Hearthly", "Oakmere", "Casa Blu", "Furrow", "Stillwater", "Brindle"]),
        ("sport", ["Peakform", "Strider", "Altus", "Riverrun", "Cobalt", "Zephyr"]),
        ("beauty", ["Dewlane", "Rosavera", "Mira", "Clay & Co", "Solene", "Petalia"]),
        ("food", ["Millstone", "Orchard Row", "Terra", "Umami", "Brewhouse", "Saffron"]),
        ("garden", ["Greenway", "Loam", "Trellis", "Bramble", "Wildacre", "Fernhill"]),
        ("books", ["Quill", "Harbour", "Lantern", "Blackbird", "Meridian", "Folio"]),
    ]

    private static let table: [(String, String, Double, Int, Bool)] = [
        ("electronics/phone", "Phone", 420, 340, false),
        ("electronics/phone-case", "Phone Case", 16, 0, false),
        ("electronics/headphones", "Headphones", 85, 340, false),
        ("electronics/laptop", "Laptop", 900, 240, false),
        ("electronics/laptop-bag", "Laptop Bag", 45, 240, false),
        ("fashion/coat", "Coat", 130, 330, false),
        ("fashion/dress", "Dress", 60, 160, false),
        ("fashion/shoes", "Shoes", 75, 0, false),
        ("fashion/socks", "Socks", 9, 0, false),
        ("fashion/swimwear", "Swimsuit", 38, 180, false),
        ("home/lamp", "Lamp", 48, 320, false),
        ("home/light-bulb", "Light Bulb", 7, 320, true),
        ("home/coffee-machine", "Coffee Machine", 240, 340, false),
        ("home/bedding", "Bed Linen", 55, 0, false),
        ("sport/running", "Running Shoes", 105, 120, false),
        ("sport/bottle", "Bottle", 18, 160, false),
        ("sport/ski", "Ski Set", 330, 15, false),
        ("sport/yoga", "Yoga Mat", 34, 10, false),
        ("beauty/skin-care", "Face Cream", 28, 0, true),
        ("beauty/perfume", "Perfume", 70, 345, false),
        ("beauty/sun-care", "Sun Lotion", 17, 185, true),
        ("food/coffee", "Coffee Beans", 14, 0, true),
        ("food/tea", "Tea", 9, 340, true),
        ("food/chocolate", "Chocolate", 6, 350, true),
        ("food/olive-oil", "Olive Oil", 16, 0, true),
        ("garden/seeds", "Seeds", 5, 90, true),
        ("garden/tools", "Garden Tools", 36, 110, false),
        ("garden/furniture", "Garden Chair", 140, 150, false),
        ("books/novel", "Novel", 15, 345, false),
        ("books/cooking", "Cookbook", 26, 345, false),
        ("books/children", "Picture Book", 13, 345, false),
        ("books/travel", "Travel Guide", 19, 170, false),
    ]

    static let leaves: [Leaf] = table.map { path, noun, price, peak, consumable in
        let rootName = path.prefix { $0 != "/" }
        let root = roots.firstIndex { $0.name == rootName } ?? 0
        return Leaf(
            path: path, noun: noun, price: price, peakDay: peak, isConsumable: consumable,
            root: root)
    }

    /// Which leaf follows which in a basket: a phone its case, a lamp its bulbs.
    static let complementLeaf: [String: String] = [
        "electronics/phone": "electronics/phone-case",
        "electronics/laptop": "electronics/laptop-bag",
        "electronics/headphones": "electronics/phone",
        "fashion/shoes": "fashion/socks", "fashion/coat": "fashion/shoes",
        "fashion/dress": "beauty/perfume", "fashion/swimwear": "beauty/sun-care",
        "home/lamp": "home/light-bulb", "home/coffee-machine": "food/coffee",
        "home/bedding": "home/lamp", "sport/running": "sport/bottle",
        "sport/yoga": "sport/bottle", "sport/ski": "fashion/coat",
        "garden/tools": "garden/seeds", "garden/furniture": "garden/tools",
        "books/cooking": "food/olive-oil", "books/travel": "fashion/swimwear",
        "food/coffee": "food/chocolate", "food/tea": "food/chocolate",
        "beauty/skin-care": "beauty/sun-care",
    ]

    static let adjectives = [
        "Classic", "Light", "Urban", "Pure", "Bright", "Compact", "Royal", "Soft", "Bold",
        "Quiet", "Smart", "Rustic", "Fresh", "Golden", "Nordic", "Vivid",
    ]
    static let regions = ["north", "south", "east", "west", "capital", "coast"]
    static let devices = ["ios", "android", "desktop", "tablet"]
    static let channels = ["app", "web", "search-ad", "email", "social"]
    static let occupations = ["student", "engineer", "teacher", "nurse", "clerk", "retired"]
    static let educations = ["school", "vocational", "bachelor", "master"]
    static let incomes = ["low", "middle", "high"]
}
