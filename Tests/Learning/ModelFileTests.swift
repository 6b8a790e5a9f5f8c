import Numerics
import Testing

@testable import Learning

@Suite("Model files come back whole or are refused")
struct ModelFileTests {
    private static let data = Worlds.walks(users: 6, items: 5, steps: 4, seed: 1)

    private static func als() -> ALSModel {
        var options = ALSModel.Options()
        options.factors = 3
        options.iterations = 2
        return ALSModel.train(data, options: options)
    }

    private static func trees() -> GradientBoostedTrees {
        var options = GradientBoostedTrees.Options()
        options.trees = 2
        options.leavesMax = 4
        return GradientBoostedTrees.train(Worlds.examples(120, seed: 1), options: options)
    }

    @Test("every model equals itself after a round trip")
    func roundTrip() throws {
        let popularity = PopularityModel.train(Self.data, categories: [1, 2, 3, 4, 5])
        #expect(try PopularityModel(safetensors: popularity.safetensors()) == popularity)
        let pairs = ItemToItemModel.train(Self.data)
        #expect(try ItemToItemModel(safetensors: pairs.safetensors()) == pairs)
        let als = Self.als()
        #expect(try ALSModel(safetensors: als.safetensors()) == als)
        let line = LogisticRegression.train(Worlds.examples(100, seed: 2))
        #expect(try LogisticRegression(safetensors: line.safetensors()) == line)
        let trees = Self.trees()
        #expect(try GradientBoostedTrees(safetensors: trees.safetensors()) == trees)
        let calibration = Calibration(slope: 0.5, shift: -1)
        #expect(try Calibration(safetensors: calibration.safetensors()) == calibration)
    }

    /// Loads and uses the model; must throw or work, never trap.
    private static func use(_ kind: Int, _ bytes: [UInt8]) throws(SafetensorsError) {
        let history = History(items: [0, 1])
        switch kind {
        case 0:
            let model = try PopularityModel(safetensors: bytes)
            _ = model.scores(for: history)
        case 1:
            let model = try ItemToItemModel(safetensors: bytes)
            if model.itemCount > 1 { _ = model.recommend(for: history, count: 3) }
        case 2:
            let model = try ALSModel(safetensors: bytes)
            if model.itemCount > 1 { _ = model.recommend(for: history, count: 3) }
        case 3:
            let model = try LogisticRegression(safetensors: bytes)
            _ = model.predict(model.means.map { Float($0) })
        default:
            let model = try GradientBoostedTrees(safetensors: bytes)
            _ = model.predict([Float](repeating: 0, count: model.featureNames.count))
        }
    }

    private static func file(_ kind: Int) -> [UInt8] {
        switch kind {
        case 0: PopularityModel.train(data).safetensors()
        case 1: ItemToItemModel.train(data).safetensors()
        case 2: als().safetensors()
        case 3: LogisticRegression.train(Worlds.examples(60, seed: 2)).safetensors()
        default: trees().safetensors()
        }
    }

    @Test("every truncation is refused", arguments: 0..<5)
    func truncations(kind: Int) {
        let bytes = Self.file(kind)
        for length in 0..<bytes.count {
            #expect(throws: SafetensorsError.self, "length=\(length)") {
                try Self.use(kind, Array(bytes[..<length]))
            }
        }
        #expect(throws: SafetensorsError.self) { try Self.use(kind, bytes + [0]) }
    }

    @Test("no flipped byte traps", arguments: 0..<5)
    func flips(kind: Int) {
        let bytes = Self.file(kind)
        var refused = 0
        for index in bytes.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var broken = bytes
                broken[index] ^= mask
                do throws(SafetensorsError) {
                    try Self.use(kind, broken)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > bytes.count / 4)
    }

    private func header(_ json: String, data: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes[0] = UInt8(json.utf8.count & 0xFF)
        bytes[1] = UInt8(json.utf8.count >> 8)
        return bytes + Array(json.utf8) + [UInt8](repeating: 0, count: data)
    }

    @Test("a good file of another writer is read")
    func foreign() throws {
        let json =
            #" { "b" : {"shape":[2],"dtype":"F32","data_offsets":[4,12]},"#
            + #""a\u00e9\ud83d\ude00":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]},"#
            + #""__metadata__":{"k":"v\n"}} "#
        let file = try Safetensors(header(json, data: 12))
        #expect(file.metadata == ["k": "v\n"])
        #expect(try file.floats("b") == [0, 0])
        #expect(file.tensors["aé😀"]?.shape == [2, 2])
        #expect(throws: SafetensorsError.missingTensor("c")) { try file.floats("c") }
        #expect(throws: SafetensorsError.wrongType("b")) { try file.doubles("b") }
    }

    @Test(
        "what the format forbids is refused",
        arguments: [
            (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 3),
            (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3),
            (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,2]}}"#, 2),
            (#"{"a":{"dtype":"X8","shape":[2],"data_offsets":[0,2]}}"#, 2),
            (#"{"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}"#, 2),
            (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"x":1}}"#, 2),
            (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}"#, 2),
            (#"{"a":{"dtype":"U8","shape":[2]}}"#, 0),
            (
                #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
                    + #""b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3
            ),
            (
                #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
                    + #""a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2
            ),
            (#"{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
            (#"{"a":[}"#, 0), (#"[]"#, 0), (#"{} x"#, 0), (#"{"__metadata__":{"a":1}}"#, 0),
        ])
    func forbidden(json: String, data: Int) {
        #expect(throws: SafetensorsError.self) { try Safetensors(header(json, data: data)) }
    }

    @Test("an absurd header length is refused before anything is allocated")
    func length() {
        #expect(throws: SafetensorsError.headerTooLong) {
            try Safetensors([UInt8](repeating: 0xFF, count: 64))
        }
    }

    @Test("one kind of model is not read as another")
    func kind() {
        #expect(throws: SafetensorsError.inconsistent("kind")) {
            try ALSModel(safetensors: PopularityModel.train(Self.data).safetensors())
        }
    }
}
