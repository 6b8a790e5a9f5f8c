/// What a user did lately, as the recommender needs it; all by item id.
package struct UserHistory: Sendable, Equatable {
    /// One deed on one item; `type` is the number of the event type on the wire.
    package struct Entry: Sendable, Equatable {
        package var item: String
        package var type: Int32
        package var timeMs: Int64

        package init(item: String, type: Int32, timeMs: Int64) {
            self.item = item
            self.type = type
            self.timeMs = timeMs
        }
    }

    /// Newest last.
    package var recent: [Entry] = []
    package var purchased: [String] = []
    package var hidden: [String] = []
    package var inCart: [String] = []

    package init() {}
}

/// How much each type of event says about taste; 0 = nothing.
package struct SignalWeights: Sendable, Equatable {
    private var byType: [Float]

    /// Weights by the number of the event type.
    package init(_ weights: [Int32: Float] = SignalWeights.standard) {
        byType = [Float](repeating: 0, count: 64)
        for (type, weight) in weights where type >= 0 && type < 64 {
            byType[Int(type)] = weight
        }
    }

    package subscript(type: Int32) -> Float {
        type >= 0 && type < 64 ? byType[Int(type)] : 0
    }

    /// View 1, click 1, favourite 3, cart 4, order and purchase 5, review 2, rating 2, share 2,
    /// dwell 1.
    package static let standard: [Int32: Float] = [
        1: 1, 3: 1, 5: 3, 6: 4, 8: 5, 9: 5, 11: 2, 12: 2, 13: 2, 18: 1,
    ]
}
