import Features
import Learning
import Numerics
import Profiles
import Randomness
import Risk
import RiskRules
import Segments

/// The file of a model: refused, or used without harm.
struct ModelTarget: FuzzTarget {
    private let files: [(bytes: [UInt8], use: ([UInt8]) throws -> Void)]

    init(world: FuzzWorld) throws {
        let history = History(items: [0, 1])
        let walks = Self.walks()
        let examples = Self.examples(150)
        let tags = try TagReader([])
        let states = try world.states()
        let view = UserView(states[0], nowMs: world.newestMs)
        let risk = try RiskModel.train(
            Matrix(
                states.map {
                    try RiskInputs.reader(tags).row(of: UserView($0, nowMs: world.newestMs))
                }), asOfMs: world.newestMs)
        var trees = GradientBoostedTrees.Options()
        (trees.trees, trees.leavesMax) = (2, 4)
        var als = ALSModel.Options()
        (als.factors, als.iterations) = (3, 2)
        files = [
            (
                PopularityModel.train(walks).safetensors(),
                { _ = try PopularityModel(safetensors: $0).scores(for: history) }
            ),
            (
                ItemToItemModel.train(walks, categories: [0, 0, 1, 1, 2]).safetensors(),
                {
                    let model = try ItemToItemModel(safetensors: $0)
                    if model.itemCount > 1 { _ = model.recommend(for: history, count: 3) }
                }
            ),
            (
                ALSModel.train(walks, options: als).safetensors(),
                {
                    let model = try ALSModel(safetensors: $0)
                    if model.itemCount > 1 { _ = model.recommend(for: history, count: 3) }
                }
            ),
            (
                LogisticRegression.train(examples).safetensors(),
                {
                    let model = try LogisticRegression(safetensors: $0)
                    _ = model.predict(model.means.map { Float($0) })
                }
            ),
            (
                GradientBoostedTrees.train(examples, options: trees).safetensors(),
                {
                    let model = try GradientBoostedTrees(safetensors: $0)
                    _ = model.predict([Float](repeating: 0, count: model.featureNames.count))
                }
            ),
            (
                Calibration(slope: 0.5, shift: -1).safetensors(),
                { _ = try Calibration(safetensors: $0) }
            ),
            (
                risk.safetensors(),
                {
                    let model = try RiskModel(safetensors: $0)
                    let scorer = try RiskScorer(tags: tags, model: model)
                    _ = scorer.assess(view, asOfMs: model.asOfMs)
                }
            ),
            (
                try Self.segments(states, world.newestMs).safetensors(),
                {
                    let scorer = try SegmentScorer(model: SegmentModel(safetensors: $0))
                    _ = scorer.segments(of: view)
                }
            ),
        ]
    }

    func run(_ random: inout FuzzRandom) throws {
        let file = files[random.below(files.count)]
        let bytes = random.damage(file.bytes)
        do { try file.use(bytes) } catch {}
    }

    private static func walks() -> Interactions {
        var data = Interactions(
            userNames: Vocabulary((0..<6).map { "user \($0)" }),
            itemNames: Vocabulary((0..<5).map { "item \($0)" }))
        for user in 0..<Int32(6) {
            for step in 0..<Int32(4) {
                data.append(
                    user: user, item: (user + step) % 5, weight: 1, timeMs: Int64(step) * 1000)
            }
        }
        return data
    }

    private static func examples(_ rows: Int) -> Examples {
        var random = SeededRandom(seed: 1)
        var table = Matrix(rows: rows, columns: 4)
        var labels: [Float] = []
        for row in 0..<rows {
            let values = (0..<4).map { _ in random.normal() }
            labels.append(values[0] > values[1] ? 1 : 0)
            for column in 0..<4 { table[row, column] = Float(values[column]) }
        }
        return Examples(table: table, labels: labels)
    }

    private static func segments(_ states: [UserState], _ nowMs: Int64) throws -> SegmentModel {
        var trainer = try SegmentTrainer(options: .init(), previous: nil)
        for state in states { trainer.count(UserView(state, nowMs: nowMs)) }
        for state in states { trainer.take(UserView(state, nowMs: nowMs)) }
        return try trainer.fit(asOfMs: nowMs).model
    }
}
