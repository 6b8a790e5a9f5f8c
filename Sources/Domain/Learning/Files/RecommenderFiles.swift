import Numerics

extension PopularityModel: ModelFile {
    package static var kind: String { "popularity" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("items", strings: items.names)
        file.set("counts", counts)
        file.set("categories", categories)
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let items = try file.vocabulary("items")
        let categories = try file.int32s("categories")
        guard categories.isEmpty || categories.count == items.count else {
            throw .inconsistent("categories")
        }
        self.init(
            items: items, counts: try file.finite("counts", count: items.count),
            categories: categories)
    }
}

extension ItemToItemModel: ModelFile {
    package static var kind: String { "item_to_item" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("items", strings: items.names)
        file.set("together", together)
        file.set("following", following)
        file.set("popularity", popularity)
        file.metadata["recent_items"] = "\(serving.recentItems)"
        file.metadata["together_decay"] = "\(serving.togetherDecay)"
        file.metadata["following_decay"] = "\(serving.followingDecay)"
        file.metadata["following_share"] = "\(serving.followingShare)"
        file.metadata["popularity_share"] = "\(serving.popularityShare)"
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let items = try file.vocabulary("items")
        var serving = Serving()
        let recent = try file.number("recent_items")
        guard (0...1e6).contains(recent) else { throw .inconsistent("recent_items") }
        serving.recentItems = Int(recent)
        serving.togetherDecay = Float(try file.number("together_decay"))
        serving.followingDecay = Float(try file.number("following_decay"))
        serving.followingShare = Float(try file.number("following_share"))
        serving.popularityShare = Float(try file.number("popularity_share"))
        self.init(
            items: items, together: try file.neighbours("together", count: items.count),
            following: try file.neighbours("following", count: items.count),
            popularity: try file.finite("popularity", count: items.count), serving: serving)
    }
}

extension ALSModel: ModelFile {
    package static var kind: String { "als" }

    package func tensors() -> Safetensors {
        var file = Safetensors()
        file.set("items", strings: items.names)
        file.set(
            "item_factors", itemFactors.elements, shape: [itemFactors.rows, itemFactors.columns])
        file.metadata["alpha"] = "\(alpha)"
        file.metadata["regularisation"] = "\(regularisation)"
        file.metadata["weight_cap"] = "\(weightCap)"
        return file
    }

    package init(tensors file: Safetensors) throws(SafetensorsError) {
        let items = try file.vocabulary("items")
        let tensor = try file.tensor("item_factors", .f32)
        guard tensor.shape.count == 2, tensor.shape[0] == items.count,
            (1...4096).contains(tensor.shape[1])
        else { throw .inconsistent("item_factors") }
        let elements = try file.finite("item_factors", count: items.count * tensor.shape[1])
        let alpha = Float(try file.number("alpha"))
        let regularisation = Float(try file.number("regularisation"))
        let weightCap = Float(try file.number("weight_cap"))
        guard alpha >= 0, regularisation >= 0, weightCap > 0 else { throw .inconsistent("alpha") }
        self.init(
            items: items,
            itemFactors: Matrix(rows: items.count, columns: tensor.shape[1], elements: elements),
            alpha: alpha, regularisation: regularisation, weightCap: weightCap)
    }
}
