/// Mappings of well-known public data sets, and Limn's own format.
package enum BuiltInMappings {
    package static let all: [Mapping] = [
        taobao, rees46, retailrocket, yoochoose, onlineRetail, movielensRatings,
        movielensRatingsOriginal, movielensMovies, movielensUsers, amazonReviews, limn,
    ]

    package static func named(_ name: String) -> Mapping? { all.first { $0.name == name } }

    private static func mapping(_ name: String, _ change: (inout Mapping) -> Void) -> Mapping {
        var mapping = Mapping(name: name)
        change(&mapping)
        return mapping
    }

    /// Taobao UserBehavior (Tianchi 649); the original has no header line.
    static let taobao = mapping("taobao") {
        $0.columns = ["user_id", "item_id", "category_id", "behavior", "timestamp"]
        $0.fields = [
            "user_id": .column("user_id"), "item_id": .column("item_id"),
            "category": .column("category_id"), "type": .column("behavior"),
            "time": .column("timestamp"),
        ]
        $0.values["type"] = [
            "pv": "view", "cart": "cart_add", "fav": "favourite", "buy": "purchase",
        ]
    }

    /// REES46 multi category store (2019).
    static let rees46 = mapping("rees46") {
        $0.fields = [
            "user_id": .column("user_id"), "item_id": .column("product_id"),
            "category": .column("category_code"), "type": .column("event_type"),
            "time": .column("event_time"), "brand": .column("brand"),
            "price": .column("price"), "session_id": .column("user_session"),
        ]
        $0.values["type"] = [
            "view": "view", "cart": "cart_add", "remove_from_cart": "cart_remove",
            "purchase": "purchase",
        ]
        $0.pathSeparator = "."
        $0.timeFormat = .iso
    }

    /// RetailRocket events; `timestamp` in the original, `timestamp_ms` in some copies.
    static let retailrocket = mapping("retailrocket") {
        $0.fields = [
            "user_id": .column("visitorid"), "item_id": .column("itemid"),
            "type": .column("event"), "time": .column("timestamp|timestamp_ms"),
        ]
        $0.values["type"] = [
            "view": "view", "addtocart": "cart_add", "transaction": "purchase",
        ]
        $0.timeFormat = .milliseconds
    }

    /// YooChoose clicks (RecSys Challenge 2015): sessions without users.
    static let yoochoose = mapping("yoochoose") {
        $0.delimiter = "\t"
        $0.fields = [
            "user_id": .column("SessionId"), "session_id": .column("SessionId"),
            "item_id": .column("ItemId"), "time": .column("Time"), "type": .constant("view"),
        ]
        $0.timeFormat = .fractionalSeconds
    }

    /// UCI Online Retail: line items of invoices; C marks a cancellation.
    static let onlineRetail = mapping("online-retail") {
        $0.fields = [
            "user_id": .column("CustomerID"), "item_id": .column("StockCode"),
            "time": .column("InvoiceDate"), "price": .column("UnitPrice"),
            "quantity": .column("Quantity"), "region": .column("Country"),
            "session_id": .column("InvoiceNo"), "title": .column("Description"),
            "type": .constant("purchase"), "currency": .constant("GBP"),
        ]
        $0.typeByPrefix = .init(column: "InvoiceNo", prefix: "C", type: "refund")
        $0.itemFields = ["item_id", "title", "price"]
        $0.timeFormat = .iso
    }

    /// MovieLens ratings with an order number per user instead of times.
    static let movielensRatings = mapping("movielens-ratings") {
        $0.fields = [
            "user_id": .column("user_id"), "item_id": .column("movie_id"),
            "value": .column("rating"), "time": .column("seq"), "type": .constant("rating"),
        ]
        $0.timeFormat = .order
    }

    /// MovieLens ratings.dat as published.
    static let movielensRatingsOriginal = mapping("movielens-ratings-dat") {
        $0.delimiter = "::"
        $0.hasHeader = false
        $0.allowsQuotes = false
        $0.columns = ["UserID", "MovieID", "Rating", "Timestamp"]
        $0.fields = [
            "user_id": .column("UserID"), "item_id": .column("MovieID"),
            "value": .column("Rating"), "time": .column("Timestamp"),
            "type": .constant("rating"),
        ]
    }

    static let movielensMovies = mapping("movielens-movies") {
        $0.target = .item
        $0.delimiter = "::"
        $0.hasHeader = false
        $0.allowsQuotes = false
        $0.columns = ["MovieID", "Title", "Genres"]
        $0.fields = [
            "item_id": .column("MovieID"), "title": .column("Title"),
            "category": .column("Genres"), "keywords": .column("Genres"),
        ]
        // A film has several genres of equal rank; the first stands for it.
        $0.pathSeparator = "|first"
    }

    static let movielensUsers = mapping("movielens-users") {
        $0.target = .user
        $0.delimiter = "::"
        $0.hasHeader = false
        $0.allowsQuotes = false
        $0.columns = ["UserID", "Gender", "Age", "Occupation", "Zip"]
        $0.fields = [
            "user_id": .column("UserID"), "gender": .column("Gender"), "age": .column("Age"),
            "occupation": .column("Occupation"), "region": .column("Zip"),
        ]
        $0.values["gender"] = ["F": "female", "M": "male"]
    }

    /// Amazon reviews (McAuley, 2014), JSON Lines.
    static let amazonReviews = mapping("amazon-instruments-reviews") {
        $0.format = .jsonl
        $0.fields = [
            "user_id": .column("reviewerID"), "item_id": .column("asin"),
            "value": .column("overall"), "time": .column("unixReviewTime"),
            "text": .column("reviewText"), "type": .constant("review"),
        ]
    }

    /// Records of Limn itself: one object with `event`, `item` or `user` per line.
    static let limn = mapping("limn") {
        $0.format = .jsonl
        $0.timeFormat = .milliseconds
    }
}
