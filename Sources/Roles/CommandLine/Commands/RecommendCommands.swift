package import Messages
import PlainText
import Runtime

extension CommandLineTool {
    static let recommendCommand = Command(
        "recommend", "recommend items to a user", operands: "USER", count: 1...1,
        options: [
            Option("count", short: "n", value: "NUMBER", "how many items (default 10)"),
            Option("explain", "say for each item why it is there"),
            Option("category", value: "PATH", "only items below this category"),
            Option("include-purchased", "also what the user has bought already"),
        ],
        example: "limn recommend u1 -n 5 --explain"
    ) { invocation in
        var question = RecommendRequest()
        question.userID = invocation.operands[0]
        question.count = UInt32(try invocation.number("count", default: 10, in: 1...500))
        question.category = invocation.text("category") ?? ""
        question.explain = invocation.has("explain")
        question.includePurchased = invocation.has("include-purchased")
        let answer = try invocation.cluster().ask(
            .scoring, question, as: Recommendations.self, timeoutMs: 5_000)
        if invocation.wantsJSON {
            invocation.terminal.print(AnswerJSON.value(answer))
        } else {
            invocation.terminal.print(
                RecommendationView.rendered(answer, on: invocation.terminal))
        }
        return answer.items.isEmpty ? .negative : .success
    }

    static let similarCommand = Command(
        "similar", "show items like an item", operands: "ITEM", count: 1...1,
        options: [Option("count", short: "n", value: "NUMBER", "how many (default 10)")],
        example: "limn similar i7"
    ) { invocation in
        var question = SimilarRequest()
        question.itemID = invocation.operands[0]
        question.count = UInt32(try invocation.number("count", default: 10, in: 1...500))
        let answer = try invocation.cluster().ask(
            .scoring, question, as: SimilarItems.self, timeoutMs: 5_000)
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("item_id", .string(answer.itemID)), ("model", .string(answer.model)),
                    ("items", .array(answer.items.map(AnswerJSON.value))),
                ]))
        } else {
            invocation.terminal.print(
                RecommendationView.table(answer.items, on: invocation.terminal))
        }
        return answer.items.isEmpty ? .negative : .success
    }

    static let scoreCommand = Command(
        "score", "score given items for a user", operands: "USER ITEM...", count: 2...1001,
        example: "limn score u1 i7 i8 i9"
    ) { invocation in
        var question = ScoreRequest()
        question.userID = invocation.operands[0]
        question.itemIDs = Array(invocation.operands.dropFirst())
        let answer = try invocation.cluster().ask(
            .scoring, question, as: Scores.self, timeoutMs: 5_000)
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("user_id", .string(answer.userID)), ("model", .string(answer.model)),
                    ("profile_age_ms", .integer(Int64(answer.profileAgeMs))),
                    ("items", .array(answer.items.map(AnswerJSON.value))),
                ]))
        } else {
            invocation.terminal.print(
                RecommendationView.table(answer.items, on: invocation.terminal))
        }
        return .success
    }

    static let predictCommand = Command(
        "predict", "predict what a user will do", operands: "USER", count: 1...1,
        example: "limn predict u1"
    ) { invocation in
        var question = PredictRequest()
        question.userID = invocation.operands[0]
        let answer = try invocation.cluster().ask(
            .scoring, question, as: Predictions.self, timeoutMs: 5_000)
        if invocation.wantsJSON {
            invocation.terminal.print(
                .object([
                    ("user_id", .string(answer.userID)),
                    ("profile_age_ms", .integer(Int64(answer.profileAgeMs))),
                    ("predictions", .array(answer.predictions.map(AnswerJSON.value))),
                ]))
        } else if answer.predictions.isEmpty {
            invocation.terminal.print("nothing to predict from yet; see: limn models")
        } else {
            for prediction in answer.predictions {
                invocation.terminal.print(ProfileView.line(prediction))
            }
        }
        return answer.predictions.isEmpty ? .negative : .success
    }
}

/// Recommended items for people.
package enum RecommendationView {
    package static func rendered(_ answer: Recommendations, on terminal: Terminal) -> String {
        let style = terminal.style
        if answer.items.isEmpty { return "nothing to recommend: no item is known yet" }
        var lines = [table(answer.items, on: terminal)]
        if answer.items.contains(where: { !$0.reasons.isEmpty }) {
            lines.append(style.bold("Why"))
            for (at, item) in answer.items.enumerated() {
                lines.append(VisibleText.line("  \(at + 1). \(item.itemID): \(why(item))"))
            }
        }
        if answer.fallback {
            lines.append(
                style.yellow(
                    "not personal: nothing is known of \(VisibleText.line(answer.userID)) yet"))
        }
        let filtered = answer.filtered.filter { $0.value > 0 }.map {
            "\($0.name) \(Format.decimal($0.value, 0))"
        }
        if !filtered.isEmpty {
            lines.append(style.dim("left out: " + filtered.joined(separator: ", ")))
        }
        lines.append(
            style.dim(
                "id \(answer.recommendationID)   models \(answer.models.joined(separator: " "))"
            ))
        return lines.joined(separator: "\n")
    }

    private static func why(_ item: RecommendedItem) -> String {
        let total = item.reasons.reduce(0) { $0 + abs($1.weight) }
        return item.reasons.prefix(3).map { reason in
            let share = total > 0 ? abs(reason.weight) / total : 0
            let because = reason.becauseItem.isEmpty ? "" : " from \(reason.becauseItem)"
            return "\(reason.source)\(because) \(Format.percent(share, 0))"
        }.joined(separator: ", ")
    }

    package static func table(_ items: [RecommendedItem], on terminal: Terminal) -> String {
        var table = Table([
            .init("", .right), .init("item"), .init("title", widthMax: 36),
            .init("category", widthMax: 28), .init("price", .right), .init("score", .right),
            .init("source"),
        ])
        for (at, item) in items.enumerated() {
            table.add([
                "\(at + 1)", item.itemID, item.title, item.category,
                item.price > 0 ? Format.decimal(item.price) : "",
                Format.decimal(item.score, 4), item.source,
            ])
        }
        return table.rendered(on: terminal)
    }
}
