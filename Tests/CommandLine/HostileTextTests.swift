import CommandLine
import Messages
import PlainText
import Runtime
import System
import Testing

/// What a stranger may have put into any text: colours, a window title, a bell, C1, a reversal.
private let hostile = "\u{1B}[31mx\u{1B}]0;t\u{7}\u{9B}2J\u{202E}\u{2066}\u{7F}\r\nforged"

/// Answers every question with what strangers have sent.
private final class HostileCluster: Cluster {
    func ask<Question: WireMessage, Answer: WireMessage>(
        _ service: Service, _ question: Question, as: Answer.Type, timeoutMs: Int
    ) throws(CommandFailure) -> Answer {
        let answer: any WireMessage =
            switch Answer.self {
            case is Profile.Type: profile
            case is Recommendations.Type: recommendations
            case is SimilarItems.Type: similar
            case is Scores.Type: scores
            case is Predictions.Type: predictions
            case is Rejects.Type: rejects
            case is Models.Type: models
            case is Status.Type: status
            case is AudienceMembers.Type: members
            default: throw CommandFailure(.data, "cannot say \(hostile)", hint: hostile)
            }
        guard let answer = answer as? Answer else { throw CommandFailure(.bug, "\(Answer.self)") }
        return answer
    }

    func producer(
        name: String, epoch: UInt64, source: String
    ) throws(CommandFailure) -> any RecordSink {
        throw CommandFailure(.data, "no producer \(name) of \(source): \(hostile)", hint: hostile)
    }

    private var item: RecommendedItem {
        var item = RecommendedItem()
        (item.itemID, item.title, item.category, item.source) = (hostile, hostile, hostile, hostile)
        var reason = Reason()
        (reason.source, reason.becauseItem, reason.weight) = (hostile, hostile, 1)
        item.reasons = [reason]
        return item
    }

    private var prediction: Prediction {
        var prediction = Prediction()
        prediction.name = hostile
        return prediction
    }

    private var profile: Profile {
        var profile = Profile()
        (profile.userID, profile.known) = (hostile, true)
        var user = User()
        (user.gender, user.occupation, user.interests) = (hostile, hostile, [hostile])
        profile.attributes = user
        var affinity = Affinity()
        (affinity.kind, affinity.name) = (hostile, hostile)
        profile.affinities = [affinity]
        var event = RecentEvent()
        event.itemID = hostile
        profile.recent = [event]
        profile.predictions = [prediction]
        return profile
    }

    private var recommendations: Recommendations {
        var answer = Recommendations()
        (answer.userID, answer.items, answer.fallback) = (hostile, [item], true)
        return answer
    }

    private var similar: SimilarItems {
        var answer = SimilarItems()
        (answer.itemID, answer.items) = (hostile, [item])
        return answer
    }

    private var scores: Scores {
        var answer = Scores()
        (answer.userID, answer.items) = (hostile, [item])
        return answer
    }

    private var predictions: Predictions {
        var answer = Predictions()
        answer.predictions = [prediction]
        return answer
    }

    private var rejects: Rejects {
        var reject = RejectedRecord()
        (reject.id, reject.producer, reject.message) = (1, hostile, hostile)
        var outcome = RejectOutcome()
        (outcome.id, outcome.message) = (1, hostile)
        var answer = Rejects()
        (answer.rejects, answer.outcomes) = ([reject], [outcome])
        return answer
    }

    private var models: Models {
        var model = Model()
        (model.name, model.note) = (hostile, hostile)
        var answer = Models()
        answer.models = [model]
        return answer
    }

    private var status: Status {
        var role = RoleStatus()
        (role.role, role.state, role.reason, role.lastExit) = (hostile, hostile, hostile, hostile)
        var counter = NamedValue()
        counter.name = hostile
        role.counters = [counter]
        var answer = Status()
        (answer.state, answer.build, answer.roles, answer.notes) =
            (hostile, hostile, [role], [hostile])
        return answer
    }

    private var members: AudienceMembers {
        var answer = AudienceMembers()
        answer.userIDs = [hostile, "u2"]
        return answer
    }
}

@Suite("What strangers wrote cannot speak to the terminal")
struct HostileTextTests {
    private func terminal(
        _ capture: Capture, _ style: Style, failure: SystemError? = nil
    ) -> Terminal {
        Terminal(
            isScreen: style == .coloured, progressIsScreen: false, style: style, columns: 100,
            environment: [:], write: { capture.output += $0 },
            writeError: { capture.errors += $0 }, failure: { failure })
    }

    /// Everything but line ends, tabs and the emphasis that `Style` knows.
    private func controls(_ text: String) -> [Unicode.Scalar] {
        let bare = text.replacing(/\u{1B}\[(?:0|1|2|31|32|33|36)m/, with: "")
        return bare.unicodeScalars.filter {
            $0 != "\n" && $0 != "\t" && VisibleText.isControl($0)
        }
    }

    @Test(
        "Every command that shows answers, for people and as JSON, coloured and plain",
        arguments: [
            ["profile", "u1"], ["profile", "u1", "--all"], ["recommend", "u1", "--explain"],
            ["similar", "i1"], ["score", "u1", "i1"], ["predict", "u1"], ["models"],
            ["rejects", "list"], ["rejects", "show", "1"], ["rejects", "drop", "1"], ["status"],
            ["top", "--once"], ["reload", "--dry-run"], ["audience", "t", "--members"],
            ["send", "--user", hostile, "--item", "i1"], [hostile], ["help", hostile],
            ["profile", "u1", "--" + hostile], ["status", "--folder", hostile], ["scale"],
            ["import", hostile], ["score", hostile],
        ])
    func commands(_ words: [String]) {
        for style in [Style.plain, .coloured] {
            for words in [words, words + ["--json"]] {
                let capture = Capture()
                _ = CommandLineTool.run(words, terminal: terminal(capture, style)) {
                    (_: String) throws(CommandFailure) -> any Cluster in HostileCluster()
                }
                #expect(!(capture.output + capture.errors).isEmpty)
                #expect(controls(capture.output) == [], "\(words): \(capture.output)")
                #expect(controls(capture.errors) == [], "\(words): \(capture.errors)")
                #expect(!(capture.output + capture.errors).contains("\u{1B}[31mx"))
                // What the supervisor says of itself may have lines.
                guard !words[0].hasPrefix("status"), words[0] != "top" else { continue }
                let lines = capture.output.split(separator: "\n")
                #expect(!lines.contains { $0.hasPrefix("forged") }, "\(words): \(capture.output)")
            }
        }
    }

    @Test("Emphasis of our own takes effect, the same sequence of a stranger does not")
    func emphasis() {
        let capture = Capture()
        let terminal = terminal(capture, .coloured)
        terminal.print(terminal.style.red("a\u{1B}[31mb") + "\u{1B}[0m")
        #expect(capture.output == "\u{1B}[31ma\\u001b[31mb\u{1B}[0m\\u001b[0m\n")
        var table = Table([.init("t", widthMax: 4), .init("n", .right)])
        table.add([terminal.style.green("ok"), "1"])
        table.add(["\u{1B}[2J", "22"])
        capture.output = ""
        terminal.print(table.rendered(style: .plain, columns: nil))
        #expect(
            capture.output == "t      n\n────  ──\n\u{1B}[32mok\u{1B}[0m     1\n\\u0…  22\n")
    }

    @Test("Output that cannot be written ends with 74 and is said; a reader that left, with 141")
    func lost() {
        let capture = Capture()
        let full = SystemError(call: "write", code: 28, path: "standard output")
        let code = CommandLineTool.run(
            ["version"], terminal: terminal(capture, .plain, failure: full)
        ) { (_: String) throws(CommandFailure) -> any Cluster in HostileCluster() }
        #expect(code == 74)
        let gone = SystemError(call: "write", code: 32, path: "standard output")
        #expect(StandardOutput.ended("limn", with: 0, failure: gone) == 141)
        #expect(StandardOutput.ended("limn", with: 1, failure: nil) == 1)
    }
}
