import CommandLine
import Foundation
import Testing

@Suite("limn evaluate asks the configuration how to train and what to leave out")
struct EvaluateCommandTests {
    private static let mapping = """
        { record: "event", time: "s", fields: { user_id: "user_id", item_id: "item_id",
          type: "type", time: "time" } }
        """

    /// Sixty users who view their way around a circle of thirty items.
    private static let views: String = {
        var lines = "user_id,item_id,type,time\n"
        for step in 0..<1200 {
            let (user, visit) = (step % 60, step / 60)
            lines += "u\(user),i\((user + visit * (1 + user % 2)) % 30),view,"
            lines += "\(1_600_000_000 + step * 60)\n"
        }
        return lines
    }()

    private struct Answer: Decodable {
        struct Model: Decodable {
            var name: String
            var known_share: Double
            var recall_at_20: Double
        }

        var rows: Int
        var users: Int
        var models: [Model]
        var served: Model { models[models.count - 1] }
    }

    private func answer(_ configuration: String, _ more: [String] = []) throws -> Answer {
        let folder = try FileFolder(prefix: "limn-evaluate")
        let file = try folder.write("views.csv", Self.views)
        let mapping = try folder.write("m.json5", Self.mapping)
        _ = try folder.write(
            "limn.json5",
            "{ trainer: { als: { factors: 4, iterations: 3 } }, \(configuration) }")
        let seen = Capture()
        let status = seen.run(
            ["evaluate", file, "--mapping", mapping, "--json", "--folder", folder.path] + more)
        #expect(status == 0, "\(seen.errors)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(seen.output.utf8))
        #expect(answer.users == 60)
        #expect(
            answer.models.map(\.name) == ["popularity", "item-to-item", "als", "blend", "served"])
        for model in answer.models.dropLast() { #expect(model.known_share == 0) }
        return answer
    }

    @Test("served leaves out what the configuration names, and only that")
    func policy() throws {
        #expect(try answer("").served.known_share > 0.3, "what was viewed is shown again")
        let strict = try answer("scoring: { leaveOut: { viewed: true } }").served
        #expect(strict.known_share == 0)
        let last = try answer(
            "scoring: { leaveOut: { viewed: true } }", ["--protocol", "leave-last-out"]
        ).served
        #expect(last.known_share == 0 && last.recall_at_20 > 0)
    }

    @Test("events weigh what the configuration says")
    func weights() throws {
        let folder = try FileFolder(prefix: "limn-evaluate")
        let file = try folder.write("views.csv", Self.views)
        let mapping = try folder.write("m.json5", Self.mapping)
        _ = try folder.write("limn.json5", "{ trainer: { weights: { view: 0 } } }")
        let seen = Capture()
        #expect(
            seen.run(["evaluate", file, "--mapping", mapping, "--folder", folder.path]) == 65)
        #expect(seen.errors.contains("no row tells"), "\(seen.errors)")
    }

    @Test("the validation part lies before what is judged otherwise")
    func validation() throws {
        #expect(try answer("").rows == 1200)
        // Four fifths of them, of which the last fifth is asked for.
        #expect(try answer("", ["--validation"]).rows == 960)
    }
}
