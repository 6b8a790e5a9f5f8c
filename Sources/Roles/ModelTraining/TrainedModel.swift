package import Messages

/// The models that Limn trains, in the order in which they are trained; names of the wire.
package enum ModelName: String, Sendable, CaseIterable {
    case popularity
    case itemToItem = "item_to_item"
    case als
    case purchaseLogistic = "purchase_logistic"
    case purchaseTrees = "purchase_trees"

    package var isPurchase: Bool { self == .purchaseLogistic || self == .purchaseTrees }
}

/// What came of training one model: a file and its figures, or only the reason why there is none.
package struct TrainedModel: Sendable {
    package var name: ModelName
    package var file: [UInt8] = []
    package var metrics: [NamedValue] = []
    package var rows = 0
    package var dataFromMs: Int64 = 0
    package var dataToMs: Int64 = 0
    package var trainingMs = 0
    package var note = ""

    package init(_ name: ModelName) { self.name = name }

    package var isTrained: Bool { !file.isEmpty }

    mutating func measure(_ name: String, _ value: Double) {
        var metric = NamedValue()
        metric.name = name
        metric.value = value
        metrics.append(metric)
    }
}
